"""What can be wrong with an installation, looked at one thing after another."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.core.checks import run_checks
from django.db import DatabaseError, connection

import passerelle
from passerelle.apps.history.queries import status as history
from passerelle.apps.running.queries import living
from passerelle.project.configuration import Configuration
from passerelle.project.service.backlog import backlog
from passerelle.project.service.health import migrations_to_apply
from passerelle.project.service.lanes import LANES
from passerelle.words import Language, say

Grade = Literal["fine", "warning", "error"]

LITTLE_SPACE, TOO_LITTLE_SPACE = 2_000_000_000, 200_000_000
"""Bytes left on the disk of the data folder that are worth a word, and that are too few."""

CLOCK_APART = timedelta(seconds=5)
MUCH_WAITS = 10_000
LATE_COPY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and what was found; `code` is the key of its sentence."""

    code: str
    grade: Grade
    data: dict[str, Any] = field(default_factory=dict)

    def says(self, language: Language) -> str:
        """What was found, and what to do where something is wrong."""
        return say(f"doctor.{self.code}", language, **self.data)


def examine(how: Configuration, *, now: datetime) -> Iterator[Finding]:
    """Look at everything; what cannot be looked at without the database is left out."""
    yield from _versions()
    yield from _settings()
    yield from _secret(how)
    yield from _space(how)
    try:
        yield from _database(now)
    except (DatabaseError, OSError) as fault:
        yield Finding("database_away", "error", {"detail": _first_line(fault)})
        return
    finally:
        connection.close()
    yield from _mail(how)


def _versions() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    found = {"version": passerelle.__version__, "python": python}
    yield Finding("versions", "fine", found)


def _settings() -> Iterator[Finding]:
    import passerelle.project.checks  # noqa: F401, PLC0415  # registers ours with Django's

    found = run_checks()
    for message in found:
        grade: Grade = "error" if message.is_serious() else "warning"
        data = {"id": message.id or "", "says": message.msg, "hint": message.hint or ""}
        yield Finding("setting", grade, data)
    if not found:
        yield Finding("settings_fine", "fine")


def _secret(how: Configuration) -> Iterator[Finding]:
    path = how.data / "secret"
    if how.secret_key or not path.exists():
        return
    if path.stat().st_mode & 0o077:
        yield Finding("secret_open", "warning", {"path": path})


def _space(how: Configuration) -> Iterator[Finding]:
    if not how.data.exists():
        return
    if not os.access(how.data, os.W_OK):
        yield Finding("home_closed", "error", {"path": how.data})
    left = shutil.disk_usage(how.data).free
    data = {"path": how.data, "gigabytes": f"{left / 1e9:.1f}"}
    if left < TOO_LITTLE_SPACE:
        yield Finding("space_gone", "error", data)
    elif left < LITTLE_SPACE:
        yield Finding("space_little", "warning", data)
    else:
        yield Finding("space_fine", "fine", data)


def _database(now: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        name, clock = _server(cursor)
        lacking = migrations_to_apply()
        yield Finding("database", "fine", {"name": name})
        if clock is not None and abs(clock - now) > CLOCK_APART:
            apart = int(abs(clock - now).total_seconds())
            yield Finding("clock_apart", "error", {"n": apart})
        if lacking:
            yield Finding("not_migrated", "error", {"n": lacking})
            return
    yield from _writable()
    yield from _work(now)
    yield from _copy(now)


def _server(cursor: Any) -> tuple[str, datetime | None]:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}", None
    cursor.execute("SELECT clock_timestamp()")
    clock: datetime = cursor.fetchone()[0]
    cursor.execute("SHOW server_version")
    return f"PostgreSQL {cursor.fetchone()[0]}", clock


def _writable() -> Iterator[Finding]:
    from django.db import transaction  # noqa: PLC0415  # beside its only use

    from passerelle.apps.running.models import Process  # noqa: PLC0415

    try:
        with transaction.atomic():
            Process.objects.filter(pk=-1).update(lane="")
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SHOW transaction_read_only")
                    if cursor.fetchone()[0] == "on":
                        yield Finding("read_only", "error")
    except DatabaseError:
        yield Finding("read_only", "error")


def _work(now: datetime) -> Iterator[Finding]:
    for lane in LANES:
        found = living(lane, now=now)
        failing = {name for p in found for name, step in p.steps.items() if step.get("failing")}
        for name in sorted(failing):
            yield Finding("step_failing", "error", {"step": name})
        grade: Grade = "fine" if found else "warning"
        yield Finding("workers" if found else "no_worker", grade, {"lane": lane, "n": len(found)})
    for queue, n in backlog().items():
        if n > MUCH_WAITS:
            yield Finding("much_waits", "warning", {"n": n, "queue": queue})


def _copy(now: datetime) -> Iterator[Finding]:
    try:
        found = history(now)
    except (OSError, ValueError) as fault:
        yield Finding("history_away", "error", {"detail": _first_line(fault)})
        return
    if found.lag > LATE_COPY:
        minutes = int(found.lag.total_seconds() // 60)
        yield Finding("history_late", "warning", {"n": minutes})
    else:
        yield Finding("history", "fine", {"n": found.files})


def _mail(how: Configuration) -> Iterator[Finding]:
    where = {"host": how.mail_host, "port": how.mail_port}
    if not how.mail_host:
        yield Finding("no_mail", "warning", {"path": how.data / "mail"})
        return
    try:
        with socket.create_connection((how.mail_host, how.mail_port), 5) as plain:
            if how.mail_security == "tls":
                ssl.create_default_context().wrap_socket(plain, server_hostname=how.mail_host)
    except OSError as fault:
        yield Finding("mail_away", "error", {**where, "detail": _first_line(fault)})
    else:
        yield Finding("mail", "fine", where)


def _first_line(fault: BaseException) -> str:
    lines = str(fault).splitlines()
    return lines[0][:300] if lines else type(fault).__name__
