"""What the log says of a lead as of now: fields, touches, company; copied for tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import F

from passerelle.apps.capture.models import Event, EventKind, Robot
from passerelle.apps.capture.reading import event_id
from passerelle.apps.people.bulk import update_rows
from passerelle.apps.people.companies import Named, drop_deserted, keep_companies, named_company
from passerelle.apps.people.models import Lead
from passerelle.apps.people.reading import DURING_TIE, WITH_FIELDS, rows_of
from passerelle.apps.people.searching import keep_words
from passerelle.apps.people.touches import DIRECT, touch_of
from passerelle.apps.people.traits import fields_of, is_empty
from passerelle.core.conditions import Value

COPIED = (
    "name", "email", "phone", "job_title", "company", "fields", "source", "first_touch",
    "last_touch", "last_seen_at", "is_prospect",
)  # fmt: skip
VISITED = ("source", "first_touch", "last_touch", "last_seen_at", "is_prospect")
_MOST_FIELDS = 100


@dataclass(slots=True)
class Visits:
    """When and how somebody came, as far as it was looked at; what a colleague did is no visit."""

    first: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)
    seen_at: datetime | None = None

    def add(
        self,
        kind: str,
        *,
        at: datetime,
        key: str,
        properties: Mapping[str, Any],
        context: Mapping[str, Any],
    ) -> None:
        """Take one more event into account, in whatever order they come."""
        if not is_own_deed(kind, context):
            return
        self.seen_at = max(self.seen_at or at, at)
        if kind in {EventKind.IDENTIFY, EventKind.GROUP, EventKind.ALIAS}:
            return
        touch = touch_of(properties, context, at=at, key=key)
        if touch is None:
            return
        self.first = min((t for t in (self.first, touch) if t), key=_moment)
        # a direct visit says nothing of where somebody came from: it gives way to any other
        self.last = max(
            (t for t in (self.last, touch) if t),
            key=lambda t: (t["channel"] != DIRECT, *_moment(t)),
        )

    def keep_in(self, lead: Lead) -> bool:
        """Copy the visits into the lead's row; whether that changed anything."""
        before = [getattr(lead, name) for name in VISITED]
        lead.first_touch, lead.last_touch = self.first, self.last
        lead.last_seen_at, lead.is_prospect = self.seen_at, self.seen_at is None
        stated = _text(lead.fields.get("source")) or _text(lead.fields.get("channel"))
        lead.source = (stated or self.first.get("channel", ""))[:60]
        return before != [getattr(lead, name) for name in VISITED]


def is_own_deed(kind: str, context: Mapping[str, Any]) -> bool:
    """Whether somebody did it, and not a colleague or an import about them."""
    return kind != EventKind.ACT and "import" not in context and "by" not in context


def redraw(leads: Iterable[Lead], *, now: datetime, visits: bool) -> None:
    """Copy the fields of the leads from the log anew, and their visits if asked; save them."""
    by_id = {lead.pk: lead for lead in leads}
    if visits:
        for lead_id, found in _visits_of(by_id).items():
            found.keep_in(by_id[lead_id])
    fields = latest_fields(by_id)
    companies: dict[int, Named] = {}
    for lead in by_id.values():
        _draw(lead, fields.get(lead.pk, {}))
        if named := named_company(lead.email, fields.get(lead.pk, {})):
            companies[lead.pk] = named
    rows = keep_companies(companies.values(), now=now)
    left = {lead.company_id for lead in by_id.values() if lead.company_id is not None}
    for lead in by_id.values():
        named_by = companies.get(lead.pk)
        lead.company = rows.get(named_by.key) if named_by else None
    update_rows(by_id.values(), COPIED)
    drop_deserted(left - {lead.company_id for lead in by_id.values()})
    keep_words(by_id.values())


def latest_fields(lead_ids: Iterable[int]) -> dict[int, dict[str, Value]]:
    """For each lead the last value of each field; what was said to be empty is left out."""
    rows = sorted(rows_of(lead_ids, kinds=WITH_FIELDS), key=attrgetter("occurred_at", "id"))
    found: dict[int, dict[str, Value]] = {}
    for row in rows:
        found.setdefault(row.lead_id, {}).update(fields_of(row.kind, row.properties))
    return {
        lead: {name: value for name, value in said.items() if not is_empty(value)}
        for lead, said in found.items()
    }


def changes_anything(lead: Lead, said: Mapping[str, Value]) -> bool:
    """Whether fields that were said just now may change what is copied.

    A value that stands already changes nothing, whenever it was said.
    """
    standing = {**lead.fields, **{name: getattr(lead, name) for name in _COLUMNS}}
    return any(standing.get(name) != value for name, value in said.items())


_COLUMNS = ("name", "email", "phone", "job_title")


def _draw(lead: Lead, fields: Mapping[str, Value]) -> None:
    names = [_text(fields.get(name)) for name in ("first_name", "last_name")]
    lead.name = (_text(fields.get("name")) or " ".join(filter(None, names)))[:200]
    lead.email = _text(fields.get("email")).lower()[:254] or _anchored_email(lead)
    lead.phone = _text(fields.get("phone"))[:40]
    lead.job_title = _text(fields.get("job_title"))[:200]
    kept = [(name, value) for name, value in fields.items() if name not in _COLUMNS]
    lead.fields = dict(kept[:_MOST_FIELDS])
    stated = _text(fields.get("source")) or _text(fields.get("channel"))
    lead.source = (stated or lead.first_touch.get("channel", ""))[:60]


def _anchored_email(lead: Lead) -> str:
    """An address under which somebody is known, where no field says one."""
    ties = [lead.anchor] if lead.anchor else []
    return next((subject.value[:254] for subject in ties if subject.kind == "email"), "")


def _visits_of(lead_ids: Iterable[int]) -> dict[int, Visits]:
    found = {lead_id: Visits() for lead_id in lead_ids}
    rows = (
        Event.objects.filter(DURING_TIE, subject__ties__lead__in=list(found), robot=Robot.NONE)
        .annotate(lead=F("subject__ties__lead_id"))
        .values_list(
            "lead", "kind", "occurred_at", "source_id", "message_id", "properties", "context"
        )
    )
    for lead, kind, at, source, message, properties, context in rows.iterator(chunk_size=2000):
        found[lead].add(
            kind,
            at=at,
            key=event_id(source, message),
            properties=properties if kind in {EventKind.PAGE, EventKind.SCREEN} else {},
            context=context,
        )
    return found


def _moment(touch: Mapping[str, str]) -> tuple[datetime, str]:
    return datetime.fromisoformat(touch["at"]), touch["id"]


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, bool) else str(value).strip()
