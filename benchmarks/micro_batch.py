"""A hundred leads whose events just came in, with fifty events each: lead by lead, and by query.

Run as `make bench` or `python benchmarks/micro_batch.py`. Figures are CPU time of this process on
this machine in this run; what counts is the ratio to the yardstick, the least that a loop in plain
Python can do with the same events: one look into a dict for each, one sum for each rule that it
concerns, in binary fractions, with neither order, days, lines nor reasons.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import passes
from passerelle.core.history import Event, Lead, Seen, seen_events
from passerelle.core.reading import read_agreement
from passerelle.core.rules import EventRule
from passerelle.core.scorer import score_leads
from passerelle.relations.duck import connect
from passerelle.relations.moments import moment_at
from passerelle.relations.sql import prelude, sql
from passerelle.relations.standing import scores
from passerelle.relations.tables import input_tables

AS_OF = datetime(2024, 11, 13, 12, tzinfo=UTC)
LEADS, VISITS, EVENTS_A_VISIT = 100, 10, 5
BATCHES = 30
ASKED_MS = 25

PATHS = [
    f"{folder}{n}"
    for folder in ("/pricing/", "/blog/", "/customers/", "/product/", "/docs/", "/jobs/")
    for n in range(334)
]
"""About two thousand; a few of them are seen far more often than the rest."""

# Of twenty events eleven are pages, as in `world.py`.
EVENTS = [
    *["page"] * 12,
    *["email_opened"] * 3,
    *["email_clicked", "social", "form_submitted", "download", "webinar_attended", "chat"],
]


def main() -> None:
    """Print every figure."""
    text = Path(__file__).with_name("agreement.yaml").read_text("utf-8")
    draw = random.Random(1)
    batches = [_batch(draw, number) for number in range(BATCHES)]
    gc.freeze()  # as a service does with what it keeps: these events are not its to look through
    paths = {e.properties.get("path") for b in batches for lead in b for e in lead.events}
    print(f"{BATCHES} batches of {LEADS} leads with {VISITS * EVENTS_A_VISIT} events each,")
    print(f"{len(read_agreement(text).rules)} rules, {len(paths)} paths in all")

    yard = _told("yardstick, a dict and floats", _yardstick(read_agreement(text), batches))
    cold = [_ms(_scored(read_agreement(text), batch)) for batch in batches]
    _told("the interpreter, nothing seen before", cold)
    agreement = read_agreement(text)
    warm = _told("the interpreter, batch after batch", _stream(agreement, batches))
    print(f"ratio of the medians {warm / yard:.1f}; asked for: at most {ASKED_MS} ms")
    _told("one DuckDB query a batch", _queries(agreement, batches[:3]))


def _batch(draw: random.Random, number: int) -> list[Lead]:
    return [_lead(draw, f"lead-{number}-{n}") for n in range(LEADS)]


def _lead(draw: random.Random, key: str) -> Lead:
    events: list[Event] = []
    for _ in range(VISITS):
        at = AS_OF - timedelta(days=draw.uniform(1, 365))
        for _ in range(EVENTS_A_VISIT):
            at += timedelta(seconds=draw.randrange(30, 120))
            name = draw.choice(EVENTS)
            events.append(Event(name, at, f"{key}-{len(events)}", _properties(draw, name), at))
    fields = {
        "employees": draw.choice([None, 5.0, 40, 120, 800]),
        "job_title": draw.choice(["CEO", "Head of Sales", "Student", "Developer", None]),
        "industry": draw.choice(["software", "bank", "retail", "health"]),
        "source": draw.choice(["organic", "ads", "email", "customer_referral"]),
    }
    return Lead(key, fields, events)


def _properties(draw: random.Random, name: str) -> dict[str, Any]:
    if name == "page":
        return {"path": PATHS[int(len(PATHS) * draw.random() ** 3)]}
    if name in ("form_submitted", "download"):
        return {"asset": f"ebook-{draw.randrange(40)}"}
    return {}


def _scored(agreement: Agreement, batch: Sequence[Lead]) -> Callable[[], object]:
    return lambda: score_leads(agreement, batch, as_of=AS_OF)


def _stream(agreement: Agreement, batches: Sequence[Sequence[Lead]]) -> list[float]:
    """Each batch after the first, as it comes in."""
    return [_ms(_scored(agreement, batch)) for batch in batches][1:]


def _yardstick(agreement: Agreement, batches: Sequence[Sequence[Lead]]) -> list[float]:
    rules = [r for r in agreement.rules if isinstance(r, EventRule) and r.points is not None]
    points = [float(rule.points or 0) for rule in rules]
    concerned: dict[tuple[str, Any, Any], list[int]] = {}
    for batch in batches:
        for lead in batch:
            for seen in seen_events(agreement, lead.events):
                concerned[_alike(seen.event)] = [
                    number for number, rule in enumerate(rules) if _concerns(rule, seen)
                ]

    def least(batch: Sequence[Lead]) -> None:
        for lead in batch:
            sums = [0.0] * len(rules)
            for event in lead.events:
                for number in concerned[_alike(event)]:
                    sums[number] += points[number]

    return [_ms(lambda batch=batch: least(batch)) for batch in batches]  # type: ignore[misc]


def _alike(event: Event) -> tuple[str, Any, Any]:
    return event.name, event.properties.get("path"), event.properties.get("asset")


def _concerns(rule: EventRule, seen: Seen) -> bool:
    return seen.name in rule.event and passes(rule.where, seen.properties)


def _queries(agreement: Agreement, batches: Sequence[Sequence[Lead]]) -> list[float]:
    """The same scores by the relation, its SQL written beforehand; it is planned for each batch."""
    connection = connect(threads=1)
    text = sql(scores(agreement, input_tables(agreement), moment_at(agreement, as_of=AS_OF)))
    connection.execute(prelude(text) or "SELECT 1")
    times = []
    for batch in batches:
        _fill(connection, agreement, batch)
        times.append(_ms(lambda: connection.execute(text).fetchall()))
    return times


def _fill(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, batch: Sequence[Lead]
) -> None:
    inputs = input_tables(agreement)
    leads = [{"lead": lead.key, **lead.fields} for lead in batch]
    events = [
        {
            **event.properties,
            "id": event.id,
            "lead": lead.key,
            "event": event.name,
            "occurred_at": event.occurred_at.replace(tzinfo=None),
            "received_at": event.occurred_at.replace(tzinfo=None),
        }
        for lead in batch
        for event in lead.events
    ]
    for name, table, rows in (("leads", inputs.leads, leads), ("events", inputs.events, events)):
        schema = table.schema().to_pyarrow()
        whole = [{column: row.get(column) for column in schema.names} for row in rows]
        connection.register("incoming", pa.Table.from_pylist(whole, schema=schema))
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
        connection.unregister("incoming")


def _ms(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1e3


def _told(what: str, times: Sequence[float]) -> float:
    """Print the best and the median of the milliseconds; the median."""
    middle = median(times)
    print(f"{what}: {min(times):.1f} ms at best, {middle:.1f} ms in the middle of {len(times)}")
    return middle


if __name__ == "__main__":
    main()
