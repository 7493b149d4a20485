"""The made-up company's year as events of the log: what its site, its mails, its sales told."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from passerelle.apps.capture.actions import Name, NewEvent
from passerelle.apps.capture.models import EventKind, Robot, SubjectKind
from passerelle.core.history import FIELD_CHANGED
from passerelle.demo import write_demo

SITE = "https://www.atelier-logiciel.example"
LEADS, SEED = 2_000, 7

Row = Mapping[str, Any]

_SAID_APART = frozenset({"id", "lead", "event", "occurred_at", "received_at", "device"})
_CAMPAIGN = frozenset({"campaign", "channel", "source"})
_NO_TRAITS = frozenset({"lead", "created_at"})


@dataclass(frozen=True, slots=True)
class _Known:
    """A lead as the company's own systems know it."""

    key: str
    traits: Mapping[str, Any]
    since: datetime
    robot: str


def demo_events(*, until: datetime, source_id: int, leads: int = LEADS) -> Iterator[NewEvent]:
    """The events of the company's last twelve months, lead by lead."""
    with tempfile.TemporaryDirectory(prefix="passerelle-demo-") as name:
        folder = Path(name) / "demo"
        write_demo(folder, leads=leads, seed=SEED, until=until)
        yield from _told(folder, source_id)


def _told(folder: Path, source_id: int) -> Iterator[NewEvent]:
    kinds = {row["lead"]: row["kind"] for row in _rows(folder / "truth.parquet")}
    known = {row["lead"]: _lead(row, kinds[row["lead"]]) for row in _rows(folder / "leads.parquet")}
    told = sorted(_rows(folder / "events"), key=itemgetter("lead"))
    silent = set(known)
    for key, rows in groupby(told, key=itemgetter("lead")):
        silent.discard(key)
        yield from _life(known[key], list(rows), source_id)
    for key in sorted(silent):  # on a list, and never heard of
        if known[key].traits.get("email"):
            yield _introduced(known[key], None, source_id)


def _rows(place: Path) -> list[Row]:
    from pyarrow import parquet  # noqa: PLC0415  # loaded when there is something to read

    found: list[Row] = parquet.read_table(place).to_pylist()
    return found


def _lead(row: Row, kind: str) -> _Known:
    traits = {
        name: value for name, value in row.items() if value is not None and name not in _NO_TRAITS
    }
    robot = Robot.BOT if kind == "crawler" else Robot.NONE
    return _Known(row["lead"], traits, row["created_at"], robot)


def _life(lead: _Known, rows: list[Row], source_id: int) -> Iterator[NewEvent]:
    """What one lead did; it is introduced by name where the company first knew it."""
    named = bool(lead.traits.get("email"))
    if named:
        devices = [row["device"] for row in rows if row["device"]]
        yield _introduced(lead, devices[0] if devices else None, source_id)
    for row in rows:
        yield _event(lead, row, source_id, named=named and row["occurred_at"] >= lead.since)


def _introduced(lead: _Known, device: str | None, source_id: int) -> NewEvent:
    return NewEvent(
        kind=EventKind.IDENTIFY,
        name="identified",
        message_id=f"{lead.key}-introduced",
        subject=Name(SubjectKind.USER, lead.key),
        device=Name(SubjectKind.DEVICE, device) if device else None,
        occurred_at=lead.since,
        received_at=lead.since,
        source_id=source_id,
        robot=lead.robot,
        properties=dict(lead.traits),
    )


def _event(lead: _Known, row: Row, source_id: int, *, named: bool) -> NewEvent:
    device = Name(SubjectKind.DEVICE, row["device"]) if row["device"] else None
    user = Name(SubjectKind.USER, lead.key)
    offline = device is None and bool(lead.traits.get("email"))
    if not (named or offline) and device is None:
        device = Name(SubjectKind.DEVICE, f"browser-{lead.key}")
    subject = user if named or offline or device is None else device
    changed = row["event"] == FIELD_CHANGED
    is_page = row["event"] == "page"
    return NewEvent(
        kind=EventKind.IDENTIFY if changed else EventKind.PAGE if is_page else EventKind.TRACK,
        name="identified" if changed else row["event"],
        message_id=row["id"],
        subject=subject,
        device=device if device is not None and device != subject else None,
        occurred_at=row["occurred_at"],
        received_at=row["received_at"] or row["occurred_at"],
        source_id=source_id,
        robot=lead.robot,
        properties={row["field"]: row["value"]} if changed else _properties(row),
        context=_context(row),
    )


def _properties(row: Row) -> dict[str, Any]:
    told = {
        name: value
        for name, value in row.items()
        if value is not None and name not in _SAID_APART | _CAMPAIGN
    }
    if row["path"]:
        told["url"] = SITE + row["path"]
    return told


def _context(row: Row) -> dict[str, Any]:
    told = {
        "name": row["campaign"],
        "source": row["source"],
        "medium": row["channel"],
    }
    campaign = {name: value for name, value in told.items() if value}
    return {"campaign": campaign} if campaign else {}
