"""How the copied log is read for scoring, in columns; `capture.reading` says the same by row."""

from __future__ import annotations

from passerelle.apps.capture.models import EventKind
from passerelle.apps.capture.traits import traits_by_field
from passerelle.apps.history.columns import TELLING
from passerelle.apps.history.copied_log import LOG, CopiedLog
from passerelle.core.agreement import Agreement
from passerelle.core.conditions import NUMBER
from passerelle.core.history import FIELD_CHANGED
from passerelle.files.quoting import literal
from passerelle.relations.tables import property_types

_KEY = "coalesce(source_id::VARCHAR, '') || ':' || message_id"


def things(log: CopiedLog, agreement: Agreement) -> str:
    """The SQL of what happened: `subject_id`, then the columns of `events` without the lead."""
    columns = ["subject_id", f"{_KEY} AS id", "name AS event", "occurred_at", "received_at"]
    for name, kind in property_types(agreement).items():
        text = f"nullif({log.text(name)}, '')"
        columns.append(f'{_number(text) if kind == "number" else text} AS "{name}"')
    return f"SELECT {', '.join(columns)} FROM {LOG} WHERE robot = ''"


def field_changes(log: CopiedLog, agreement: Agreement) -> str | None:
    """The SQL of the fields that traits told, in the same columns; None if none ever did."""
    known = frozenset(agreement.known_fields)
    names = tuple(sorted(log.traits))
    person, group = (
        traits_by_field(kind, names, known) for kind in (EventKind.IDENTIFY, EventKind.GROUP)
    )
    told = [
        f"{{'field': {literal(field)}, 'value': CASE WHEN kind = 'group' "
        f"THEN {_first(log, group.get(field, ()))} ELSE {_first(log, person.get(field, ()))} END}}"
        for field in sorted({*person, *group})
    ]
    if not told:
        return None
    kinds = ", ".join(literal(kind) for kind in sorted(TELLING))
    changes = (
        f"SELECT subject_id, {_KEY} AS id, occurred_at, received_at, "
        f"unnest(list_filter([{', '.join(told)}], lambda told: told.value IS NOT NULL)) AS told "
        f"FROM {LOG} WHERE robot = '' AND kind IN ({kinds})"
    )
    columns = [
        "subject_id",
        "id || ':' || told.field AS id",
        f"{literal(FIELD_CHANGED)} AS event",
        "occurred_at",
        "received_at",
    ]
    said = {"field": "told.field", "value": "told.value"}
    for name, kind in property_types(agreement).items():
        text = said.get(name, "NULL::VARCHAR")
        columns.append(f'{_number(text) if kind == "number" else text} AS "{name}"')
    return f"SELECT {', '.join(columns)} FROM ({changes})"


def _first(log: CopiedLog, traits: tuple[str, ...]) -> str:
    """The first of the traits that an event has, an empty text included."""
    found = [log.text(trait) for trait in traits]
    return f"coalesce({', '.join(found)})" if found else "NULL::VARCHAR"


def _number(text: str) -> str:
    trimmed = f"trim({text}, ' ')"
    pattern = literal(f"^({NUMBER.pattern})$")
    return f"CASE WHEN regexp_matches({trimmed}, {pattern}) THEN {trimmed}::DOUBLE END"
