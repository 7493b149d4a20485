"""Scoring by chunks gives what scoring all at once gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from passerelle.core.history import Event, Lead
from passerelle.relations.chunks import score_into
from passerelle.relations.duck import connect, score_all
from tests.gallery.story import gallery
from tests.parity.tables import fill

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def test_chunks_of_leads_give_the_scores_of_all_leads_at_once() -> None:
    agreement, connection = gallery("acme"), connect(threads=1)
    fill(connection, agreement, [_a_lead(number) for number in range(60)])
    told: list[tuple[int, int]] = []

    score_into(
        connection,
        agreement,
        as_of=NOW,
        events_a_chunk=70,
        on_progress=lambda done, total: told.append((done, total)),
    )

    at_once = score_all(connection, agreement, as_of=NOW)
    columns = ", ".join(f'"{name}"' for name in at_once.columns)
    at_once.create("at_once")
    found, expected = (
        connection.execute(f"SELECT {columns} FROM {table} ORDER BY lead").fetchall()
        for table in ("scored", "at_once")
    )
    assert found == expected
    assert len({row[-3] for row in found}) > 1
    assert told[-1][0] == told[-1][1] > 3


def test_leads_without_any_event_are_scored_too() -> None:
    agreement, connection = gallery("acme"), connect(threads=1)
    fill(connection, agreement, [Lead("only", {"employees": 120})])

    score_into(connection, agreement, as_of=NOW)

    assert connection.execute("SELECT lead, level__fit FROM scored").fetchall() == [("only", 25.0)]


def _a_lead(number: int) -> Lead:
    names = ("page", "form_submitted", "email_clicked", "demo_requested", "download")
    events = [
        Event(
            names[(number + place) % (3 + number % 3)],
            NOW - timedelta(days=place * (number % 7 + 1), hours=number),
            id=f"{number}-{place}",
            properties={"path": "/pricing" if place % 2 else "/blog/x", "asset": f"ebook-{place}"},
        )
        for place in range(number % 11)
    ]
    return Lead(f"lead-{number:03}", {"employees": number * 10, "job_title": "CEO"}, events)
