"""Installations to back up and to restore into, and what their backups hold."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq

from tests.outside import CHECKOUT

FROM_MIGRATING = {"auth_permission", "django_content_type"}


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder and a database."""

    data: Path
    database: str

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `passerelle` there."""
        environment = os.environ | {
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "passerelle.project.settings",
            "PASSERELLE_DATA": str(self.data),
            "PASSERELLE_CONFIG": str(self.data / "none.toml"),
            "PYTHONPATH": str(CHECKOUT / "src"),
        }
        environment.pop("PASSERELLE_SECRET_KEY")
        environment.pop("PASSERELLE_HISTORY", None)
        command = [sys.executable, "-m", "passerelle.project.main", *arguments]
        return subprocess.run(
            command, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False
        )


def an_sqlite(folder: Path) -> Installation:
    """A new installation on SQLite; nothing is there yet."""
    folder.mkdir(mode=0o700)
    return Installation(folder, "")


def a_postgresql(folder: Path, server: str, name: str) -> Installation:
    """A new installation on PostgreSQL, its database empty."""
    folder.mkdir(mode=0o700)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    return Installation(folder, server.rpartition("/")[0] + "/" + name)


def tables_in(backup: Path) -> Mapping[str, list[Any]]:
    """The rows of every table of a backup that has some, in an order of their own."""
    found = {}
    with tarfile.open(backup) as tar:
        for member in tar.getnames():
            name = member.removeprefix("tables/").removesuffix(".parquet")
            if member.startswith("tables/") and name not in FROM_MIGRATING:
                file = tar.extractfile(member)
                assert file is not None
                rows = pq.read_table(file).to_pylist()
                if rows:
                    found[name] = sorted(map(_plain, rows))
    return found


def history_in(backup: Path) -> list[str]:
    """The history's files in a backup."""
    with tarfile.open(backup) as tar:
        return sorted(name for name in tar.getnames() if name.startswith("history/"))


def messages_in(backup: Path) -> list[str]:
    """The message ids of the log in a backup."""
    with tarfile.open(backup) as tar:
        file = tar.extractfile("tables/capture_event.parquet")
        assert file is not None
        found: list[str] = pq.read_table(file, columns=["message_id"])["message_id"].to_pylist()
    return found


def _plain(row: Mapping[str, Any]) -> str:
    """A row as text; databases may write one JSON text or number with other spaces or noughts."""
    import json  # noqa: PLC0415

    def plain(value: Any) -> Any:
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value

    return json.dumps({k: plain(v) for k, v in row.items()}, sort_keys=True, default=str)
