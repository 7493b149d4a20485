"""Wide files: one row a lead, counters instead of events."""

from datetime import datetime

from passerelle.files import RejectReason
from tests.files.desk import Desk

WIDE = "lead,TotalVisits,downloads,last_visit\na,3,1,2024-05-01 10:00\nb,0,,\nc,2,,2024-05-02\n"


def test_a_counter_becomes_as_many_events_of_its_lead(desk: Desk) -> None:
    loaded = desk.read_leads(
        WIDE,
        mapping="""
counters:
  TotalVisits: {event: page, at: last_visit, with: {path: /, seconds: 5}}
  downloads: {event: download}
""",
    )

    assert desk.rows("lead, event, CAST(occurred_at AS VARCHAR), path, seconds", "events") == [
        ("a", "download", "2024-06-01 12:00:00", None, None),
        *[("a", "page", "2024-05-01 10:00:00", "/", 5.0)] * 3,
        *[("c", "page", "2024-05-02 00:00:00", "/", 5.0)] * 2,
    ]
    assert desk.rows("count(DISTINCT id)", "events") == [(6,)]
    assert (loaded.counted_events, loaded.event_count) == (6, 6)
    assert "TotalVisits" in loaded.unmapped


def test_a_counter_without_a_column_of_time_counts_at_the_scoring(desk: Desk) -> None:
    loaded = desk.read_leads("lead,visits\na,2\n", mapping="counters: {visits: {event: page}}")

    assert loaded.last_event_at is not None
    assert loaded.last_event_at.replace(tzinfo=None) == datetime(2024, 6, 1, 12)  # noqa: DTZ001


def test_counters_that_count_nothing_sensible_are_told_and_high_ones_are_clipped(
    desk: Desk,
) -> None:
    loaded = desk.read_leads(
        "lead,visits,seen\na,-1,2024-05-01\nb,2.5,2024-05-01\nc,many,2024-05-01\n"
        "d,10001,2024-05-01\ne,1,\nf,1,soon\ng,1,1999-01-01\nh,10000,2024-05-01\n",
        mapping="counters: {visits: {event: page, at: seen}}",
    )

    assert desk.rows("lead, count(*)", "(SELECT lead FROM events) GROUP BY lead") == [
        ("d", 10_000),
        ("h", 10_000),
    ]
    assert {(reject.line, reject.reason, reject.column) for reject in loaded.rejected.rows()} == {
        (2, RejectReason.BAD_COUNTER, "visits"),
        (3, RejectReason.BAD_COUNTER, "visits"),
        (4, RejectReason.BAD_COUNTER, "visits"),
        (5, RejectReason.COUNTER_CLIPPED, "visits"),
        (6, RejectReason.MISSING_TIME, "seen"),
        (7, RejectReason.BAD_TIME, "seen"),
        (8, RejectReason.TIME_OUT_OF_RANGE, "seen"),
    }


def test_a_counter_may_be_a_field_too(desk: Desk) -> None:
    desk.read_leads("lead,employees\na,2\n", mapping="counters: {employees: {event: page}}")

    assert desk.rows("employees") == [(2.0,)]
    assert desk.rows("lead", "events") == [("a",), ("a",)]
