import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from passerelle.apps.capture import inbox_sqlite, worker
from passerelle.apps.capture.actions import NewEvent, block_identities, record_events
from passerelle.apps.capture.models import Arrival, Event, Intake, Robot, Subject
from passerelle.apps.capture.queries import drops, intake, last_event_of, live_events
from passerelle.apps.capture.values import Name
from passerelle.apps.capture.worker import work
from tests.apps.capture.desk import NOW, Request, a_source, a_track, basic, dropped, send, unpack

pytestmark = pytest.mark.django_db(transaction=True)


def a_page(n: int = 1, **more: Any) -> NewEvent:
    told: dict[str, Any] = {
        "kind": "page",
        "name": "page",
        "message_id": f"message-{n}",
        "subject": Name("device", "d-1"),
        "occurred_at": NOW,
        "received_at": NOW,
    }
    return NewEvent(**{**told, **more})


def test_a_message_sent_twice_is_in_the_log_once() -> None:
    source, key = a_source()
    told = a_track(1, timestamp="2026-11-21T23:59:59Z")
    batch = Request("/v1/batch", {"batch": [told, told, a_track(2)]}, basic(key))

    send(batch)
    unpack()
    send(batch)
    unpack(NOW + timedelta(days=2))

    assert Event.objects.count() == 2
    assert dropped() == {"duplicate": 4}
    assert drops(source, since=NOW.date())[0].count == 4


def test_the_same_message_id_of_two_sources_is_two_messages() -> None:
    _, one = a_source("One")
    _, two = a_source("Two")

    send(*(Request("/v1/track", a_track(), basic(key)) for key in (one, two)))

    assert unpack() == 2
    assert Event.objects.count() == 2


@pytest.mark.parametrize("days", [0, 1, 7])
def test_a_message_without_a_time_is_known_again_for_a_week(days: int) -> None:
    later = NOW + timedelta(days=days)

    first = record_events([a_page(timed=False)])
    again = record_events([a_page(timed=False, occurred_at=later, received_at=later)])

    assert (first, again) == (1, 0)


def test_a_back_fill_repeated_much_later_is_in_the_log_once() -> None:
    long_ago, much_later = NOW - timedelta(days=900), NOW + timedelta(days=90)

    first = record_events([a_page(occurred_at=long_ago)])
    again = record_events([a_page(occurred_at=long_ago, received_at=much_later)])

    assert (first, again) == (1, 0)


def test_subjects_are_made_once_and_news_is_told_of_each() -> None:
    device = Name("device", "d-1")
    user = Name("user", "d-1")  # the same text, another kind

    record_events(
        [a_page(1), a_page(2, occurred_at=NOW - timedelta(hours=1)), a_page(3, subject=user)]
    )
    record_events([a_page(4, subject=user, device=device, kind="identify")])

    assert Subject.objects.count() == 2
    told = Arrival.objects.order_by("id").values_list("subject__kind", "identifying", "first_at")
    assert set(told) == {
        ("device", False, NOW - timedelta(hours=1)),
        ("user", False, NOW),
        ("user", True, NOW),
    }


def test_a_source_shows_what_came_last_and_how_much() -> None:
    source, key = a_source()
    robot = a_track(2, context={"userAgent": "Googlebot/2.1"})

    send(Request("/v1/batch", {"batch": [a_track(1), robot, {"type": "track"}]}, basic(key)))
    unpack()

    last = last_event_of(source)
    assert last is not None
    assert last.message_id == "message-2"
    assert [e.message_id for e in live_events(source)] == ["message-2", "message-1"]
    assert [(i.events, i.robots) for i in Intake.objects.all()] == [(2, 1)]
    assert intake(source, since=NOW.date())[0].last_at == last.received_at
    assert [(d.reason, d.count) for d in drops(source, since=NOW.date())] == [("no_name", 1)]


def test_robots_are_kept_and_marked() -> None:
    _, key = a_source()
    robot = a_track(1, context={"userAgent": "Googlebot/2.1"})

    send(Request("/v1/track", robot, basic(key)))
    unpack()

    assert Event.objects.get().robot == Robot.BOT
    assert Event.objects.get().classifier > 0


def test_who_is_blocked_leaves_no_trace() -> None:
    _, key = a_source()
    block_identities([Name("user", "user-1")], now=NOW)

    send(Request("/v1/batch", {"batch": [a_track(1), a_track(2)]}, basic(key)))
    unpack()

    assert [e.message_id for e in Event.objects.all()] == ["message-2"]
    assert dropped() == {"blocked_identity": 1}
    assert not Subject.objects.filter(value="user-1").exists()


def test_two_workers_at_once_take_each_event_once() -> None:
    _, key = a_source()
    send(*(Request("/v1/batch", {"batch": [a_track(n)]}, basic(key)) for n in range(60)))

    def run() -> None:
        try:
            while work(NOW):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Event.objects.count() == 60
    assert dropped() == {}


def test_a_worker_that_dies_before_its_commit_leaves_everything_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, key = a_source()
    send(Request("/v1/track", a_track(), basic(key)))
    with monkeypatch.context() as patched:
        patched.setattr("passerelle.apps.capture.worker.record_drops", _die)
        with pytest.raises(KeyboardInterrupt):
            work(NOW)

    assert Event.objects.count() == 0
    assert (unpack(), Event.objects.count()) == (1, 1)


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def inbox(tmp_path: Path, settings: Any) -> Path:
    """A file of its own, whatever the database."""
    settings.CAPTURE_INBOX = str(tmp_path / "inbox.db")
    return tmp_path / "inbox.db"


def _put_back(inbox: Path, copy: bytes) -> None:
    for name in ("inbox.db-wal", "inbox.db-shm"):
        inbox.with_name(name).unlink(missing_ok=True)
    inbox.write_bytes(copy)


def _unpack_file() -> int:
    total = 0
    while done := worker._from_file(NOW):
        total += done
    return total


def test_what_was_unpacked_and_not_yet_deleted_is_not_unpacked_again(inbox: Path) -> None:
    _, key = a_source()
    without_id = Request("/v1/track", {**a_track(), "messageId": None}, basic(key))
    send(without_id, store=inbox_sqlite.SqliteInbox(inbox))
    before = inbox.read_bytes()
    first = _unpack_file()
    _put_back(inbox, before)  # as after a crash of the machine: the deletion was lost

    assert (first, _unpack_file()) == (1, 0)
    assert Event.objects.count() == 1


def test_an_older_copy_of_the_inbox_put_back_loses_nothing_that_comes_after(inbox: Path) -> None:
    _, key = a_source()
    tracks = [Request("/v1/track", a_track(n), basic(key)) for n in range(6)]
    send(tracks[0], store=inbox_sqlite.SqliteInbox(inbox))
    copy = inbox.read_bytes()
    send(*tracks[1:5], store=inbox_sqlite.SqliteInbox(inbox))
    _unpack_file()
    _put_back(inbox, copy)

    inbox_sqlite.keep_numbers_ahead(inbox)
    send(tracks[5], store=inbox_sqlite.SqliteInbox(inbox))
    _unpack_file()

    assert sorted(Event.objects.values_list("message_id", flat=True)) == [
        f"message-{n}" for n in range(6)
    ]
