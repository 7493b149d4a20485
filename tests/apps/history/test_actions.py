from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as how
from pytest_django import Settings

from passerelle.apps.capture.actions import Name, record_events
from passerelle.apps.capture.models import Event, Reclassified, Subject
from passerelle.apps.history.actions import (
    Overtaken,
    SubjectSpan,
    erase_subjects,
    prune,
    rebuild,
)
from passerelle.apps.history.marks import watermark
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.verifying import Fault, Finding, verify
from passerelle.apps.history.worker import append, catch_up, work
from passerelle.apps.people.models import Refusal
from tests.apps.history.log import NOW, an_event, copied, logged, some_events

pytestmark = pytest.mark.django_db
LONG_AGO = NOW - timedelta(days=400)


def _old_and_new() -> None:
    some_events(30, occurred_at=LONG_AGO, received_at=LONG_AGO)
    some_events(20, start=100)
    catch_up(NOW)


def test_a_sound_history_has_no_findings() -> None:
    _old_and_new()

    assert verify() == []


def test_a_file_that_is_gone_or_changed_is_found() -> None:
    _old_and_new()
    old, new = HistoryFile.objects.order_by("month")
    Path(how.HISTORY_URL, old.path).unlink()
    with Path(how.HISTORY_URL, new.path).open("ab") as file:
        file.write(b"x")

    findings = verify()

    assert findings == [
        Finding(Fault.FILE_MISSING, old.path),
        Finding(Fault.FILE_CHANGED, new.path),
    ]


def test_an_event_that_is_missing_twice_or_too_many_is_found() -> None:
    _old_and_new()
    old, new = HistoryFile.objects.order_by("month")
    ids = logged()
    HistoryFile.objects.filter(pk=new.pk).delete()
    HistoryFile.objects.filter(pk=old.pk).update(last_id=ids[34])
    Event.objects.filter(pk=ids[0]).delete()
    Event.objects.filter(pk=ids[1]).update(robot="bot")

    findings = {finding.fault: finding for finding in verify()}

    assert findings == {
        Fault.EVENT_MISSING: Finding(Fault.EVENT_MISSING, "2026-11", 5, tuple(ids[30:35])),
        Fault.EVENT_TOO_MANY: Finding(Fault.EVENT_TOO_MANY, old.month, 1, (ids[0],)),
        Fault.EVENT_DIFFERS: Finding(Fault.EVENT_DIFFERS, old.month, 1, (ids[1],)),
    }


def test_a_rebuilt_history_mends_what_was_wrong() -> None:
    _old_and_new()
    Path(how.HISTORY_URL, HistoryFile.objects.earliest("pk").path).unlink()
    told: list[tuple[int, int]] = []

    count = rebuild(NOW, on_progress=lambda done, of: told.append((done, of)))

    assert count == 50
    assert told[-1] == (50, 50)
    assert verify() == []
    assert [row[0] for row in copied()] == logged()


def test_a_rebuilt_history_keeps_what_was_pruned_from_the_log() -> None:
    _old_and_new()
    ids = logged()
    prune(NOW, timedelta(days=365))

    rebuild(NOW)

    assert len(logged()) == 20
    assert [row[0] for row in copied()] == ids
    assert verify() == []


def test_a_rebuild_leaves_nothing_behind_when_somebody_erases_meanwhile(
    settings: Settings,
) -> None:
    _old_and_new()
    settings.HISTORY_BATCH = 10
    subject = Subject.objects.earliest("pk").pk

    def erase(_done: int, _of: int) -> None:
        Event.objects.filter(subject=subject).delete()
        erase_subjects([subject], now=NOW)

    with pytest.raises(Overtaken):
        rebuild(NOW, on_progress=erase)

    held = {file.path for file in HistoryFile.objects.all()}
    assert {
        str(p.relative_to(how.HISTORY_URL)) for p in Path(how.HISTORY_URL).rglob("*.parquet")
    } == held
    assert verify() == []


def test_pruning_takes_old_behaviour_that_was_copied_and_nothing_else() -> None:
    old = {"occurred_at": LONG_AGO, "received_at": LONG_AGO}
    record_events(
        [
            an_event(1, **old),
            an_event(2, kind="identify", name="identified", **old),
            an_event(3, occurred_at=LONG_AGO),
            an_event(4, **old),
            an_event(5),
        ]
    )
    asked_about = Event.objects.get(message_id="m4")
    Refusal.objects.create(event=asked_about, first=asked_about.subject, reason="x", at=NOW)
    catch_up(NOW)
    record_events([an_event(6, **old)])

    taken = prune(NOW, timedelta(days=365))

    left = Event.objects.order_by("pk").values_list("message_id", flat=True)
    assert (taken, list(left)) == (1, ["m2", "m3", "m4", "m5", "m6"])
    assert verify() == []
    assert prune(NOW, timedelta(days=365)) == 0


def test_erased_subjects_are_in_no_file() -> None:
    record_events(
        [
            an_event(1, subject=Name("user", "u"), device=Name("device", "gone")),
            an_event(2, subject=Name("device", "gone"), properties={"path": "/secret-of-gone"}),
            an_event(3, subject=Name("user", "u")),
        ]
    )
    catch_up(NOW)
    gone = Subject.objects.get(value="gone")
    Event.objects.filter(subject=gone).delete()

    changed = erase_subjects([gone.pk], now=NOW, at_once=True)

    assert changed == 1
    assert copied("message_id, device_id") == [("m1", None), ("m3", None)]
    [path] = Path(how.HISTORY_URL).rglob("*.parquet")
    assert b"secret-of-gone" not in path.read_bytes()
    assert verify() == []


def test_of_a_shared_device_only_the_span_is_erased() -> None:
    some_events(14)
    catch_up(NOW)
    device = Subject.objects.get(value="d0")
    border = NOW - timedelta(minutes=3)

    erase_subjects([SubjectSpan(device.pk, until=border)], now=NOW)

    assert {row[0] for row in copied("message_id")} == {f"m{n}" for n in range(14)} - {"m7"}


def test_what_a_worker_read_before_an_erasure_does_not_come_back() -> None:
    some_events(7)
    read_early = watermark()
    gone = Subject.objects.get(value="d0")

    erase_subjects([gone.pk], now=NOW)
    copied_late = append(read_early, now=NOW, limit=100)

    assert copied_late == 0


def test_a_file_of_which_nothing_is_left_still_says_how_far_the_copy_came() -> None:
    some_events(3, subject=Name("device", "only"))
    catch_up(NOW)
    gone = Subject.objects.get(value="only")
    through = watermark().through_id
    Event.objects.all().delete()

    erase_subjects([gone.pk], now=NOW)

    assert copied() == []
    assert verify() == []
    assert HistoryFile.objects.get(replaced_at=None).last_id == through


def test_who_turned_out_to_be_a_robot_is_one_in_the_files_too() -> None:
    _old_and_new()
    ids = logged()
    Event.objects.filter(pk__in=ids[:3]).update(robot="bot")
    Reclassified.objects.bulk_create(Reclassified(event_id=pk, at=NOW) for pk in ids[:3])

    steps = [work(NOW), work(NOW)]

    assert steps == [3, 0]
    assert [row[0] for row in copied("id") if row[0] in ids[:3]] == ids[:3]
    assert {row[0] for row in copied("id, robot") if row[1] == "bot"} == set(ids[:3])
    assert verify() == []
