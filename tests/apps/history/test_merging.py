from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings as how
from pytest_django import DjangoAssertNumQueries, Settings

from passerelle.apps.history import pace
from passerelle.apps.history.marks import watermark
from passerelle.apps.history.merging import merge
from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.worker import catch_up, work
from tests.apps.history.log import NOW, copied, logged, some_events, stored

pytestmark = pytest.mark.django_db


def _work_all(now: datetime) -> None:
    while work(now):
        pass


def test_many_small_files_of_a_month_become_one(settings: Settings) -> None:
    settings.HISTORY_BATCH = 10
    some_events(10 * pace.FAN)
    catch_up(NOW)

    _work_all(NOW)

    standing = HistoryFile.objects.get(replaced_at=None)
    assert standing.rows == 10 * pace.FAN
    assert (standing.first_id, standing.last_id) == (logged()[0], logged()[-1])
    assert [row[0] for row in copied()] == logged()


def test_a_merged_file_is_sorted_as_any_other(settings: Settings) -> None:
    settings.HISTORY_BATCH = 10
    some_events(10 * pace.FAN)
    catch_up(NOW)

    _work_all(NOW)

    standing = HistoryFile.objects.get(replaced_at=None)
    rows = pq.read_table(Path(how.HISTORY_URL, standing.path)).to_pylist()
    order = [(row["subject_id"], row["occurred_at"], row["id"]) for row in rows]
    assert order == sorted(order)


def test_months_are_not_mixed(settings: Settings) -> None:
    settings.HISTORY_BATCH = 10
    for month in (9, 10):
        at = datetime(2026, month, 5, tzinfo=UTC)
        some_events(10 * pace.FAN, start=month * 1_000, occurred_at=at)
    catch_up(NOW)

    _work_all(NOW)

    standing = HistoryFile.objects.filter(replaced_at=None)
    assert sorted(file.month for file in standing) == ["2026-09", "2026-10"]


def test_replaced_files_stay_for_their_readers_and_then_go(settings: Settings) -> None:
    settings.HISTORY_BATCH = 10
    some_events(10 * pace.FAN)
    catch_up(NOW)
    _work_all(NOW)
    during = stored()

    _work_all(NOW + pace.HISTORY_GRACE)

    assert len(during) == pace.FAN + 1
    assert stored() == {file.path for file in HistoryFile.objects.all()}
    assert len(stored()) == 1


def test_a_merge_of_files_that_were_merged_meanwhile_changes_nothing(settings: Settings) -> None:
    settings.HISTORY_BATCH = 10
    some_events(40)
    catch_up(NOW)
    read_early = list(HistoryFile.objects.all())

    first, second = merge(read_early, now=NOW), merge(read_early, now=NOW)

    assert (first, second) == (True, False)
    assert [row[0] for row in copied()] == logged()
    assert len(stored()) == 5


def test_files_that_never_counted_are_cleared_away_but_not_those_being_written() -> None:
    some_events(10)
    catch_up(NOW)
    folder = Path(how.HISTORY_URL, "2026-11")
    (folder / "dead.parquet").write_bytes(b"half")
    later = datetime.now(UTC) + pace.SWEEP_EVERY

    _work_all(later - timedelta(minutes=10))
    young = (folder / "dead.parquet").exists()
    _work_all(later + pace.SWEEP_EVERY)

    assert young
    assert stored() == {file.path for file in HistoryFile.objects.all()}


def test_an_idle_worker_asks_little(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    some_events(10)
    catch_up(NOW)
    _work_all(NOW)

    with django_assert_max_num_queries(4):
        assert work(NOW) == 0


def test_who_merges_waits_while_somebody_holds_the_files(settings: Settings) -> None:
    settings.HISTORY_BATCH = 10
    some_events(10 * pace.FAN)
    catch_up(NOW)
    mark = watermark()
    mark.held_until = NOW + timedelta(hours=1)
    mark.save()

    _work_all(NOW)

    assert HistoryFile.objects.filter(replaced_at=None).count() == pace.FAN
