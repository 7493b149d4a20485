"""What events say about who is who, written down as claims; repeats that change nothing are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from passerelle.apps.capture.models import Event, EventKind, Robot, Subject, SubjectKind
from passerelle.apps.capture.reading import event_id
from passerelle.apps.people.models import Claim, Refusal
from passerelle.core.identity import ClaimKind, RefusalReason
from passerelle.core.identity import Subject as Named
from passerelle.core.identity_junk import is_junk

MERGED, MERGE_UNDONE, KEPT_APART = "leads_merged", "merge_undone", "kept_apart"
"""Names of what people do about who is who."""

_PAIRS = (ClaimKind.SAME, ClaimKind.ALIAS)
_ACTS = {MERGED: ClaimKind.MERGE, KEPT_APART: ClaimKind.APART, MERGE_UNDONE: ClaimKind.UNDO}


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


def hear(events: Sequence[Event]) -> set[int]:
    """Write down what the events claim; the ids of the subjects about which that says anything new.

    The events come with their `subject` and `device`.
    """
    names = _names(events)
    said = [claim for event in events if not event.robot for claim in _claims_of(event, names)]
    sound, junk = _without_junk(said, names)
    _refuse_junk(junk)
    changed = _keep_earliest([s for s in sound if s.kind in {ClaimKind.SEEN, *_PAIRS}])
    changed |= _keep_acts([s for s in sound if s.kind in _ACTS.values()])
    return changed | _keep_devices([s for s in sound if s.kind is ClaimKind.ON], changed)


def _names(events: Iterable[Event]) -> dict[tuple[str, str], Name]:
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


def _claims_of(event: Event, names: Mapping[tuple[str, str], Name]) -> Iterator[Said]:
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
    kind, other = _ACTS.get(event.name), event.properties.get("other_subject")
    if kind is not None and isinstance(other, int):
        undoes = str(event.properties.get("undoes", ""))[:130]
        yield Said(kind, *here, event.subject.pk, other, undoes)


def _without_junk(
    said: Iterable[Said], names: Mapping[tuple[str, str], Name]
) -> tuple[list[Said], list[Said]]:
    """What is said of somebody, and what is said of placeholders; a person's word is sound."""
    junk_ids = {name.id for name in names.values() if name.junk}
    sound: list[Said] = []
    junk: list[Said] = []
    for claim in said:
        is_sound = claim.kind in _ACTS.values() or not junk_ids & {claim.first, claim.second}
        (sound if is_sound else junk).append(claim)
    return sound, junk


def _refuse_junk(junk: Iterable[Said]) -> None:
    """A pair with a placeholder is refused by itself: it concerns nobody else."""
    first: dict[tuple[int, int], Said] = {}
    for claim in sorted(junk, key=lambda s: s.moment):
        if claim.second is not None:
            first.setdefault((claim.first, claim.second), claim)
    if not first:
        return
    reason = RefusalReason.JUNK
    known = {
        (refusal.first_id, refusal.second_id): refusal
        for refusal in Refusal.objects.filter(
            reason=reason, first__in={a for a, _ in first}, second__in={b for _, b in first}
        )
    }
    Refusal.objects.bulk_create(
        Refusal(event_id=c.event_id, first_id=a, second_id=b, reason=reason, at=c.at)
        for (a, b), c in first.items()
        if (a, b) not in known
    )
    for pair, claim in first.items():
        if pair in known and claim.at < known[pair].at:
            Refusal.objects.filter(pk=known[pair].pk).update(at=claim.at, event=claim.event_id)


def _keep_earliest(said: Sequence[Said]) -> set[int]:
    """Keep the first of each sighting and each pair: whom it did not join, later ones do not."""
    earliest: dict[tuple[str, int, int | None], Said] = {}
    for claim in sorted(said, key=lambda s: s.moment):
        earliest.setdefault((claim.kind, claim.first, claim.second), claim)
    if not earliest:
        return set()
    known = {
        (row.kind, row.first_id, row.second_id): row
        for row in Claim.objects.filter(
            first__in={first for _, first, _ in earliest}, kind__in=[ClaimKind.SEEN, *_PAIRS]
        )
    }
    changed: set[int] = set()
    new: list[Said] = []
    for key, claim in earliest.items():
        row = known.get(key)
        if row is None:
            new.append(claim)
        elif claim.moment < (row.at, row.message):
            Claim.objects.filter(pk=row.pk).update(
                at=claim.at, message=claim.message, event=claim.event_id
            )
        else:
            continue
        changed.update({claim.first, claim.second or claim.first})
    _write(new)
    return changed


def _keep_acts(said: Sequence[Said]) -> set[int]:
    if not said:
        return set()
    standing = Claim.objects.filter(message__in={s.message for s in said}, kind__in=_ACTS.values())
    known = set(standing.values_list("message", flat=True))
    new = [claim for claim in said if claim.message not in known]
    _write(new)
    return {subject for claim in new for subject in (claim.first, claim.second) if subject}


def _keep_devices(said: Sequence[Said], changed: set[int]) -> set[int]:
    """Keep where a device changes hands.

    Who is on a device after who was on it last is nothing new. Anything else has the device's
    part of the log read again, because what came in between was left out.
    """
    by_device: dict[int, list[Said]] = defaultdict(list)
    for claim in sorted(said, key=lambda s: s.moment):
        by_device[claim.first].append(claim)
    aliased = Claim.objects.filter(
        kind=ClaimKind.ALIAS, second__in=changed, second__kind=SubjectKind.DEVICE
    )
    renamed = set(aliased.values_list("second", flat=True)) if changed else set()
    if not by_device and not renamed:
        return set()
    last = _last_on(by_device)
    again = renamed | {
        device
        for device, claims in by_device.items()
        if device not in last
        or any((c.at, c.message) < last[device][0] or c.second != last[device][1] for c in claims)
    }
    return _read_again(again)


def _last_on(devices: Iterable[int]) -> dict[int, tuple[tuple[datetime, str], int | None]]:
    """For each device when somebody came to be on it last, and who."""
    last: dict[int, tuple[tuple[datetime, str], int | None]] = {}
    rows = [
        *Claim.objects.filter(kind=ClaimKind.ON, first__in=devices).values_list(
            "first", "at", "message", "second"
        ),
        *Claim.objects.filter(kind=ClaimKind.ALIAS, second__in=devices).values_list(
            "second", "at", "message", "first"
        ),
    ]
    for device, at, message, who in rows:
        if device not in last or (at, message) > last[device][0]:
            last[device] = ((at, message), who)
    return last


def _read_again(devices: set[int]) -> set[int]:
    """The claims of devices, from all that the log says of them."""
    if not devices:
        return set()
    runs: dict[int, list[Said]] = defaultdict(list)
    who_is_junk: dict[int, bool] = {}
    rows = (
        Event.objects.filter(device__in=devices, robot=Robot.NONE)
        .exclude(subject__kind=SubjectKind.DEVICE)
        .exclude(kind=EventKind.ACT)
        .values_list(
            "occurred_at",
            "source_id",
            "message_id",
            "pk",
            "device_id",
            "subject_id",
            "subject__kind",
            "subject__value",
        )
    )
    for at, source, message, pk, device, who, kind, value in rows.iterator(chunk_size=2000):
        if who not in who_is_junk:
            who_is_junk[who] = is_junk(Named(kind, value))
        if not who_is_junk[who]:
            runs[device].append(Said(ClaimKind.ON, at, event_id(source, message), pk, device, who))
    for row in Claim.objects.filter(kind=ClaimKind.ALIAS, second__in=devices):
        assert row.second_id
        runs[row.second_id].append(
            Said(ClaimKind.ALIAS, row.at, row.message, row.event_id, row.first_id, row.second_id)
        )
    kept = [claim for device in devices for claim in _runs(runs[device])]
    return devices | _replace_on(devices, kept)


def _runs(said: Iterable[Said]) -> Iterator[Said]:
    """Of each run of one name on a device the first; aliases are claims of their own anyway."""
    last: int | None = None
    for claim in sorted(said, key=lambda s: (s.moment, s.kind != ClaimKind.ALIAS)):
        who = claim.first if claim.kind is ClaimKind.ALIAS else claim.second
        if claim.kind is ClaimKind.ON and who != last:
            yield claim
        last = who


def _replace_on(devices: set[int], kept: Sequence[Said]) -> set[int]:
    """Put these claims in the place of what stood; the names on the devices before and now."""
    wanted = {(claim.first, claim.message, claim.second): claim for claim in kept}
    concerned = {claim.second for claim in kept if claim.second}
    stale = []
    for row in Claim.objects.filter(kind=ClaimKind.ON, first__in=devices):
        if wanted.pop((row.first_id, row.message, row.second_id), None) is None:
            stale.append(row.pk)
            concerned |= {row.second_id} if row.second_id else set()
    Claim.objects.filter(pk__in=stale).delete()
    _write(list(wanted.values()))
    return concerned


def _write(said: Sequence[Said]) -> None:
    Claim.objects.bulk_create(
        (
            Claim(
                kind=claim.kind,
                at=claim.at,
                message=claim.message,
                event_id=claim.event_id,
                first_id=claim.first,
                second_id=claim.second,
                undoes=claim.undoes,
            )
            for claim in said
        ),
        batch_size=500,
    )
