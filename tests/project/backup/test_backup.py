import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.capture.actions import record_events
from passerelle.apps.capture.inbox import Row
from passerelle.apps.capture.inbox_sqlite import SqliteInbox, inbox_file
from passerelle.apps.capture.models import Event, InboxRow
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.worker import catch_up
from passerelle.apps.people.models import Note
from passerelle.project.backup.making import back_up
from passerelle.project.backup.restoring import restore
from passerelle.project.failures import Refused
from tests.apps.history.log import NOW, a_lead, copied, logged, some_events, stored
from tests.apps.history.worlds import random_events, random_ties
from tests.project.backup.installations import (
    a_postgresql,
    an_sqlite,
    history_in,
    tables_in,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_history(settings: Settings, tmp_path: Path) -> None:
    settings.HISTORY_URL = str(tmp_path / "own-history")
    for ending in ("", "-wal", "-shm"):
        inbox_file().with_name(inbox_file().name + ending).unlink(missing_ok=True)


def _fill() -> None:
    """Something of everything, with edges."""
    record_events(random_events(9, count=200))
    random_ties(9)
    catch_up(NOW)
    some_events(10, start=10_000, properties={"path": "/é’\u202f«»", "n": 0.1, "big": 2**60})
    user = User.objects.create_user("Ada@acme.example", "secret", name="Ada")
    record_deed(user, "lead.merged", subject="lead:1", details={"by": None}, now=NOW)
    Note.objects.create(lead=a_lead("d1"), author=user, text="a\tb\n\\N \\. ' \"", at=NOW)


def _put_into_inbox(body: bytes) -> None:
    if connection.vendor == "sqlite":
        inbox = SqliteInbox(inbox_file())
        inbox.append([Row(1, body)])
        inbox.close()
    else:
        InboxRow.objects.create(events=1, body=body)


def _make(path: Path) -> Path:
    back_up(path, now=NOW, secret=path.parent / "secret", on_progress=lambda *_: None)
    return path


def _restore(path: Path, *, force: bool = False) -> None:
    restore(path, secret=path.parent / "secret", force=force, on_progress=lambda *_: None)


def test_what_was_backed_up_is_there_again_and_nothing_else(tmp_path: Path) -> None:
    _fill()
    backup = _make(tmp_path / "first.tar")
    held, files = tables_in(backup), copied()
    some_events(5, start=20_000)
    User.objects.all().delete()

    _restore(backup, force=True)

    assert tables_in(_make(tmp_path / "second.tar")) == held
    assert copied() == files
    assert {file.path for file in HistoryFile.objects.all()} <= stored()


def test_rows_are_numbered_on_after_the_last_that_ever_was(tmp_path: Path) -> None:
    some_events(5)
    catch_up(NOW)
    last = logged()[-1]
    Event.objects.all().delete()
    backup = _make(tmp_path / "b.tar")

    _restore(backup, force=True)
    some_events(1, start=100)

    assert logged()[0] > last


def test_only_its_owner_can_read_a_backup(tmp_path: Path) -> None:
    backup = _make(tmp_path / "b.tar")

    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_an_installation_moves_to_another_place_and_database(
    other: str, tmp_path: Path, require: Callable[[str], str]
) -> None:
    if other == "postgresql":
        target = a_postgresql(tmp_path / "there", require("postgresql"), "passerelle_moved")
    else:
        target = an_sqlite(tmp_path / "there")
    _fill()
    _put_into_inbox(b"waits")
    backup = _make(tmp_path / "b.tar")

    restored = target.run("restore", str(backup))
    verified = target.run("history", "verify")
    again = target.run("backup", str(tmp_path / "again.tar"))

    assert (restored.returncode, restored.stderr) == (0, "")
    assert (verified.returncode, again.returncode) == (0, 0), verified.stdout + again.stderr
    held, moved = dict(tables_in(backup)), dict(tables_in(tmp_path / "again.tar"))
    held.pop("capture_inboxrow", None)
    waiting = moved.pop("capture_inboxrow", [])
    assert moved == held
    assert history_in(tmp_path / "again.tar") == history_in(backup)
    if other == "sqlite":
        with closing(sqlite3.connect(target.data / "inbox.db")) as inbox:
            assert inbox.execute("SELECT body FROM inbox").fetchall() == [(b"waits",)]
    else:
        assert len(waiting) == 1


def test_a_target_with_something_in_it_is_refused(tmp_path: Path) -> None:
    some_events(3)
    backup = _make(tmp_path / "b.tar")

    with pytest.raises(Refused) as refused:
        _restore(backup)

    assert refused.value.code == "history.backup.not_empty"
    assert len(logged()) == 3


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: b"", "history.backup.not_a_backup"),
        (lambda data: b"no tar" * 1000, "history.backup.not_a_backup"),
        (lambda data: data[: len(data) // 2], "history.backup.not_a_backup"),
        (lambda data: data.replace(b"PAR1", b"PAR2", 1), "history.backup.damaged"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(
    spoil: Callable[[bytes], bytes], code: str, tmp_path: Path
) -> None:
    some_events(3)
    backup = _make(tmp_path / "b.tar")
    backup.write_bytes(spoil(backup.read_bytes()))

    with pytest.raises(Refused) as refused:
        _restore(backup, force=True)

    assert refused.value.code == code
    assert len(logged()) == 3


def test_a_history_that_lacks_a_file_is_said_and_nothing_half_is_left(tmp_path: Path) -> None:
    some_events(3)
    catch_up(datetime.now(UTC))
    Path(tmp_path / "own-history", HistoryFile.objects.get().path).unlink()

    with pytest.raises(Refused) as refused:
        _make(tmp_path / "b.tar")

    assert refused.value.code == "history.backup.history_unsound"
    assert not (tmp_path / "b.tar").exists()


def test_a_file_that_is_there_already_is_not_written_over(tmp_path: Path) -> None:
    target = an_sqlite(tmp_path / "there")
    (tmp_path / "b.tar").write_text("precious")
    migrated = target.run("migrate")

    ended = target.run("backup", str(tmp_path / "b.tar"))

    assert (migrated.returncode, ended.returncode) == (0, 1)
    assert "is there already" in ended.stderr
    assert (tmp_path / "b.tar").read_text() == "precious"
