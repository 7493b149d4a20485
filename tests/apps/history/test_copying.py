from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings as how
from pytest_django import Settings

from passerelle.apps.capture.actions import Name, record_events
from passerelle.apps.capture.models import Event
from passerelle.apps.history import pace
from passerelle.apps.history.columns import MOST_COLUMNS
from passerelle.apps.history.marks import watermark
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.worker import append, catch_up, work
from tests.apps.history.log import NOW, an_event, copied, logged, some_events

pytestmark = pytest.mark.django_db


def test_every_event_is_copied_once() -> None:
    some_events(500)

    first, second = catch_up(NOW), catch_up(NOW)

    assert (first, second) == (500, 0)
    assert [row[0] for row in copied()] == logged()


def test_a_few_events_wait_for_more_but_not_for_long() -> None:
    some_events(10)

    at_once, later = work(NOW + timedelta(seconds=59)), work(NOW + timedelta(seconds=60))

    assert (at_once, later) == (0, 10)


def test_a_full_batch_does_not_wait(settings: Settings) -> None:
    settings.HISTORY_BATCH = 10
    some_events(25)

    steps = [work(NOW) for _ in range(3)]

    assert steps == [10, 10, 0]
    assert watermark().through_id == logged()[19]


def test_files_are_by_month_and_sorted_by_subject_and_time() -> None:
    november, october = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)
    record_events(
        an_event(number, occurred_at=(november, october)[number % 2] + timedelta(hours=-number))
        for number in range(60)
    )

    catch_up(NOW)

    for file in HistoryFile.objects.all():
        rows = pq.read_table(Path(how.HISTORY_URL, file.path)).to_pylist()
        order = [(row["subject_id"], row["occurred_at"], row["id"]) for row in rows]
        assert order == sorted(order)
        assert {f"{row['occurred_at']:%Y-%m}" for row in rows} == {file.month}
        assert (len(rows), min(r["id"] for r in rows)) == (file.rows, file.first_id)


def test_times_are_kept_to_the_microsecond() -> None:
    at = datetime(2026, 11, 1, 0, 0, 0, 1, tzinfo=UTC)
    record_events([an_event(1, occurred_at=at, received_at=at - timedelta(microseconds=2))])

    catch_up(NOW)

    assert copied("occurred_at, received_at") == [
        (datetime(2026, 11, 1, 0, 0, 0, 1), datetime(2026, 10, 31, 23, 59, 59, 999_999))  # noqa: DTZ001  # UTC without a zone
    ]


def test_properties_are_texts_by_their_path_and_empty_traits_are_kept() -> None:
    traits = {"a": {"b": True, "n": 1.5}, "gone": None, "blank": "", "list": [1]}
    record_events(
        [
            an_event(1, properties=traits),
            an_event(2, kind="identify", name="identified", properties=traits),
        ]
    )

    catch_up(NOW)

    cells = '"p.a.b", "p.a.n", "p.gone", "p.blank"'
    assert copied(cells) == [("true", "1.5", None, None), ("true", "1.5", "", "")]


def test_names_beyond_the_columns_and_twins_by_case_stand_in_the_map() -> None:
    halves = [{f"k{number:04}": "v" for number in range(start, start + 152)} for start in (0, 152)]
    record_events(
        [
            an_event(1, properties={"Asset": "A", "asset": "b"} | halves[0]),
            an_event(2, properties=halves[1]),
        ]
    )

    catch_up(NOW)

    [(kept, rest), (_, beyond)] = copied('"p.Asset", more')
    assert (kept, rest) == ("A", {"asset": "b"})
    assert len(beyond) == 1 + 2 * 152 - MOST_COLUMNS
    assert len(watermark().columns) == MOST_COLUMNS


def test_the_campaign_has_columns_and_the_context_is_kept_whole() -> None:
    context = {"campaign": {"source": "news", "name": "Été"}, "locale": "fr"}
    record_events([an_event(1, context=context)])

    catch_up(NOW)

    [(source, name, kept)] = copied("campaign_source, campaign_name, context")
    assert (source, name) == ("news", "Été")
    assert '"locale"' in kept


def test_half_a_surrogate_pair_does_not_stop_the_copy() -> None:
    record_events([an_event(1)])
    Event.objects.update(
        properties={"path": "/\ud83d"}
        if how.DATABASES["default"]["ENGINE"].endswith("sqlite3")
        else {"path": "/?"}
    )

    catch_up(NOW)

    assert copied('"p.path"') == [("/?",)]


def test_who_read_the_watermark_before_another_moved_it_adds_nothing() -> None:
    some_events(20)
    read_early = watermark()
    catch_up(NOW)

    copied_again = append(read_early, now=NOW, limit=pace.batch())

    assert copied_again == 0
    assert len(copied()) == 20
    assert HistoryFile.objects.count() == len(list(Path(how.HISTORY_URL).rglob("*.parquet")))


def test_a_subject_that_is_no_device_is_copied_too() -> None:
    record_events([an_event(1, subject=Name("user", "u"), device=Name("device", "d"))])

    catch_up(NOW)

    event = Event.objects.get()
    assert copied("subject_id, device_id") == [(event.subject_id, event.device_id)]


def test_a_store_that_is_no_folder_serves_as_well(settings: Settings) -> None:
    settings.HISTORY_URL = "memory://elsewhere"
    some_events(30)

    catch_up(NOW)

    assert [row[0] for row in copied()] == logged()
