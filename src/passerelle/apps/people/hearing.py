"""Claims written down as events say them; repeats that change nothing are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from passerelle.apps.capture.models import Event, EventKind, Robot, SubjectKind
from passerelle.apps.capture.reading import event_id
from passerelle.apps.people.models import Claim, Refusal
from passerelle.apps.people.saying import ACTS, Name, Said, claims_of, names_in
from passerelle.core.identity import ClaimKind, RefusalReason
from passerelle.core.identity import Subject as Named
from passerelle.core.identity_junk import is_junk

_PAIRS = (ClaimKind.SAME, ClaimKind.ALIAS)


def hear(events: Sequence[Event]) -> set[int]:
    """Write down what the events claim; the ids of the subjects about which that says anything new.

    The events come with their `subject` and `device`.
    """
    names = names_in(events)
    said = [claim for event in events if not event.robot for claim in claims_of(event, names)]
    sound, junk = _without_junk(said, names)
    _refuse_junk(junk)
    changed = _keep_earliest([s for s in sound if s.kind in {ClaimKind.SEEN, *_PAIRS}])
    changed |= _keep_acts([s for s in sound if s.kind in ACTS.values()])
    return changed | _keep_devices([s for s in sound if s.kind is ClaimKind.ON], changed)


def hear_again(subjects: set[int]) -> set[int]:
    """Read again what the log says under these names, because something in it counts no more.

    The ids of all subjects that may be concerned.
    """
    said = Claim.objects.filter(kind__in=[ClaimKind.SEEN, *_PAIRS], first__in=subjects)
    on = Claim.objects.filter(kind=ClaimKind.ON, second__in=subjects)
    joined = Claim.objects.filter(Q(first__in=subjects) | Q(second__in=subjects))
    concerned = subjects | {
        pk for pair in joined.values_list("first", "second") for pk in pair if pk
    }
    devices = set(on.values_list("first", flat=True))
    said.delete()
    events = Event.objects.filter(subject__in=subjects, robot=Robot.NONE)
    heard = hear(list(events.select_related("subject", "device")))
    return concerned | heard | _read_again(devices)


def _without_junk(
    said: Iterable[Said], names: Mapping[tuple[str, str], Name]
) -> tuple[list[Said], list[Said]]:
    """What is said of somebody, and what is said of placeholders; a person's word is sound."""
    junk_ids = {name.id for name in names.values() if name.junk}
    sound: list[Said] = []
    junk: list[Said] = []
    for claim in said:
        is_sound = claim.kind in ACTS.values() or not junk_ids & {claim.first, claim.second}
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
    standing = Claim.objects.filter(message__in={s.message for s in said}, kind__in=ACTS.values())
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
