"""`passerelle doctor` looks at an installation and says what to do; it ends with 1 if it must."""

import json
import subprocess
import sys
from pathlib import Path

from passerelle.words import catalogue
from tests.project.serving import a_free_port, an_environment
from tests.words.said import SOURCE

Found = dict[str, dict[str, str]]


def _doctor(folder: Path, **settings: str) -> tuple[int, Found]:
    ended = _run(folder, "doctor", "--json", **settings)
    return ended.returncode, {one["code"]: one for one in json.loads(ended.stdout)}


def _run(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "passerelle.project.main", *arguments],
        env=an_environment(folder, a_free_port(), **settings),
        capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip


def test_a_sound_installation_that_does_not_run_lacks_workers_and_mail_alone(
    tmp_path: Path,
) -> None:
    made = _run(tmp_path, "migrate")

    code, found = _doctor(tmp_path)

    assert made.returncode == 0, made.stderr
    assert code == 0
    assert {code for code, one in found.items() if one["grade"] != "fine"} == {
        "no_worker", "no_mail",
    }  # fmt: skip


def test_a_database_without_its_tables_is_said_to_lack_them(tmp_path: Path) -> None:
    code, found = _doctor(tmp_path)

    assert code == 1
    assert "passerelle migrate" in found["not_migrated"]["says"]


def test_a_database_that_is_away_is_said_in_the_readers_language(tmp_path: Path) -> None:
    url = f"postgresql://127.0.0.1:{a_free_port()}/nowhere"

    ended = _run(tmp_path, "doctor", "--language", "fr", PASSERELLE_DATABASE_URL=url)

    assert ended.returncode == 1
    assert "La base de données ne répond pas" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


def test_a_mail_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    _run(tmp_path, "migrate")
    port = a_free_port()

    code, found = _doctor(
        tmp_path, PASSERELLE_MAIL_HOST="127.0.0.1", PASSERELLE_MAIL_PORT=str(port)
    )

    assert code == 1
    assert f"127.0.0.1:{port}" in found["mail_away"]["says"]


def test_everything_that_can_be_found_has_its_sentence() -> None:
    text = (SOURCE / "project" / "service" / "examining.py").read_text("utf-8")

    known = set(catalogue("doctor", "en")) - {"grade"}

    assert {code for code in known if f'"{code}"' not in text} == set()
