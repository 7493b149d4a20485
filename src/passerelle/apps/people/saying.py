"""What one event says about who is who."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from passerelle.apps.capture.models import Event, EventKind, Subject, SubjectKind
from passerelle.apps.capture.reading import event_id
from passerelle.core.identity import ClaimKind
from passerelle.core.identity import Subject as Named
from passerelle.core.identity_junk import is_junk

MERGED, MERGE_UNDONE, KEPT_APART = "leads_merged", "merge_undone", "kept_apart"
"""Names of what people do about who is who."""

ACTS = {MERGED: ClaimKind.MERGE, KEPT_APART: ClaimKind.APART, MERGE_UNDONE: ClaimKind.UNDO}


class Said(NamedTuple):
    """One claim of one event, by the ids of its subjects."""

    kind: ClaimKind
    at: datetime
    message: str
    event_id: int
    first: int
    second: int | None = None
    undoes: str = ""

    @property
    def moment(self) -> tuple[datetime, str]:
        """Its place in the log."""
        return (self.at, self.message)


@dataclass(frozen=True, slots=True)
class Name:
    """A subject's row as far as claims need it."""

    id: int
    kind: str
    junk: bool


def names_in(events: Iterable[Event]) -> dict[tuple[str, str], Name]:
    """The subjects of the events, and those that only their traits name."""
    known: dict[tuple[str, str], int] = {}
    wanted: set[tuple[str, str]] = set()
    for event in events:
        for subject in (event.subject, event.device):
            if subject is not None:
                known[subject.kind, subject.value] = subject.pk
        wanted.update(_named_besides(event))
    missing = wanted - known.keys()
    if missing:
        Subject.objects.bulk_create(
            (Subject(kind=kind, value=value) for kind, value in sorted(missing)),
            ignore_conflicts=True,
        )
        rows = Subject.objects.filter(value__in={value for _, value in missing})
        known |= {(s.kind, s.value): s.pk for s in rows if (s.kind, s.value) in missing}
    return {name: Name(pk, name[0], is_junk(Named(*name))) for name, pk in known.items()}


def _named_besides(event: Event) -> Iterator[tuple[str, str]]:
    if event.robot:
        return
    if email := _email_of(event):
        yield (SubjectKind.EMAIL, email)
    if event.kind == EventKind.ALIAS and (previous := _previous(event.properties, event.context)):
        yield from _possible_names(previous)


def _email_of(event: Event) -> str:
    """An address that the event gives for the one who did it, besides its subject."""
    match event.kind:
        case EventKind.IDENTIFY:
            found = event.properties.get("email")
        case EventKind.ACT | EventKind.GROUP | EventKind.ALIAS:
            found = None
        case _:
            traits = event.context.get("traits")
            found = traits.get("email") if isinstance(traits, dict) else None
    return found.strip().lower()[:255] if isinstance(found, str) else ""


def _previous(properties: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    keys = ("previousId", "previous_id", "previousID", "previousid")
    found = next((said[k] for said in (properties, context) for k in keys if said.get(k)), "")
    return str(found).strip()[:255] if isinstance(found, str | int) else ""


def _possible_names(previous: str) -> list[tuple[str, str]]:
    """An alias does not say whether it means a device or a user."""
    if "@" in previous:
        return [(SubjectKind.EMAIL, previous.lower())]
    return [(SubjectKind.DEVICE, previous), (SubjectKind.USER, previous)]


def claims_of(event: Event, names: Mapping[tuple[str, str], Name]) -> Iterator[Said]:
    """The claims that an event makes, junk among them; a robot's is for the caller to leave out."""
    message = event_id(event.source_id, event.message_id)
    here = (event.occurred_at, message, event.pk)
    who = event.subject.pk
    if event.kind == EventKind.ACT:
        yield from _claims_of_act(event, here)
        return
    if event.subject.kind == SubjectKind.DEVICE:
        return
    yield Said(ClaimKind.SEEN, *here, who)
    if email := _email_of(event):
        other = names[SubjectKind.EMAIL, email].id
        if other != who:
            # a colleague's word joins what the log alone would not
            kind = ClaimKind.MERGE if "by" in event.context else ClaimKind.SAME
            yield Said(kind, *here, who, other)
    if event.device_id:
        yield Said(ClaimKind.ON, *here, event.device_id, who)
    if event.kind == EventKind.ALIAS and (previous := _previous(event.properties, event.context)):
        for name in _possible_names(previous):
            if names[name].id != who:
                yield Said(ClaimKind.ALIAS, *here, who, names[name].id)


def _claims_of_act(event: Event, here: tuple[datetime, str, int]) -> Iterator[Said]:
    kind, other = ACTS.get(event.name), event.properties.get("other_subject")
    if kind is not None and isinstance(other, int):
        undoes = str(event.properties.get("undoes", ""))[:130]
        yield Said(kind, *here, event.subject.pk, other, undoes)
