"""Who is who: a pure function of what the log says, by the time at which things happened.

A user id or an e-mail address is somebody. A device speaks for who identified on it: for the
first one from the beginning, for another from the instant at which that one identified there. It
never makes one person of two. A person never has two user ids or two addresses, unless another
person says so; what can not be joined stands among the refusals, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from passerelle.core.identity_claims import (
    Claim,
    ClaimKind,
    Known,
    RefusalReason,
    Refused,
    Subject,
)
from passerelle.core.identity_groups import Group, Groups, Seen
from passerelle.core.identity_junk import is_junk, most_partners, shared_subjects

__all__ = [
    "Claim",
    "ClaimKind",
    "Known",
    "Person",
    "RefusalReason",
    "Refused",
    "Resolution",
    "Span",
    "Subject",
    "is_junk",
    "most_partners",
    "resolve",
    "shared_subjects",
]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is known.

    Attributes:
        anchor: the known subject by which the person is called for ever; who was known first, or
            was kept in a merge. A device never is one.
        known_since: when the person was first seen under a known name.
        subjects: every user id and address that is theirs.
        held: those that stand, at most one of a kind; the others are former ones.
    """

    anchor: Subject
    known_since: datetime
    subjects: tuple[Subject, ...]
    held: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A subject speaks for a person, of what happened from `since` (included) to `until` (not).

    Without `since` it is from the beginning, without `until` for ever.
    """

    subject: Subject
    anchor: Subject
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is who: people, which subject speaks for whom when, and what was refused.

    Each in an order of its own, so that equal logs give equal resolutions.
    """

    people: tuple[Person, ...]
    spans: tuple[Span, ...]
    refused: tuple[Refused, ...]


def resolve(claims: Iterable[Claim], *, shared: frozenset[Subject] = frozenset()) -> Resolution:
    """Who is who, in whatever order the claims come.

    `shared` are subjects known to be shared from claims that are not among these.
    """
    heard = _standing(claims)
    shared |= shared_subjects(heard)
    groups = Groups(heard, shared)
    spans: list[Span] = []
    refused = list(groups.refused)
    for device, on in _by_device(heard).items():
        for found in _device(device, on, groups):
            if isinstance(found, Span):
                spans.append(found)
            else:
                refused.append(found)
    people = tuple(sorted((_person(g, groups.seen) for g in groups.all()), key=lambda p: p.anchor))
    spans += [Span(subject, p.anchor) for p in people for subject in p.subjects]
    return Resolution(people, tuple(sorted(spans, key=_span_order)), _once(refused))


def _standing(claims: Iterable[Claim]) -> list[Claim]:
    """The claims in order of the log, each once, without those that were taken back."""
    each = {claim.order: claim for claim in claims}
    undone = {claim.undoes for claim in each.values() if claim.kind is ClaimKind.UNDO}
    return [
        claim
        for _, claim in sorted(each.items())
        if claim.kind is not ClaimKind.UNDO
        and not (claim.kind in {ClaimKind.MERGE, ClaimKind.APART} and claim.id in undone)
    ]


def _person(group: Group, seen: Mapping[Subject, Seen]) -> Person:
    since = min(seen[subject][0] for subject in group.subjects if subject in seen)
    held = tuple(sorted(group.held.values()))
    return Person(group.anchor, since, tuple(sorted(group.subjects)), held)


def _by_device(claims: Sequence[Claim]) -> Mapping[Subject, list[Claim]]:
    """What is said of each device, in order; an alias that names a device identifies on it."""
    by_device: dict[Subject, list[Claim]] = defaultdict(list)
    for claim in claims:
        match claim.kind:
            case ClaimKind.ON:
                by_device[claim.first].append(claim)
            case ClaimKind.ALIAS if claim.second and claim.second.is_device:
                turned = Claim(claim.at, claim.id, ClaimKind.ON, claim.second, claim.first)
                by_device[claim.second].append(turned)
            case _:
                pass
    return by_device


def _device(device: Subject, on: Sequence[Claim], groups: Groups) -> Iterator[Span | Refused]:
    """For whom the device speaks when, and who was refused its past."""
    since: datetime | None = None
    now: Group | None = None
    for claim in on:
        assert claim.second is not None
        if reason := groups.doubt(device, claim.second):
            yield Refused(device, claim.second, reason, claim.at, claim.id)
            continue
        group = groups.of(claim.second)
        if group is None or group is now:
            continue
        if now is not None:
            yield Refused(device, claim.second, RefusalReason.CHANGED_HANDS, claim.at, claim.id)
            if since != claim.at:
                yield Span(device, now.anchor, since, claim.at)
            since = claim.at
        now = group
    if now is not None:
        yield Span(device, now.anchor, since)


def _once(refused: Iterable[Refused]) -> tuple[Refused, ...]:
    """Each refusal of two subjects for one reason once, by the first event that suggested it."""
    once: dict[tuple[Subject, Subject, RefusalReason], Refused] = {}
    for refusal in sorted(refused, key=lambda r: (r.at, r.claim)):
        once.setdefault((refusal.first, refusal.second, refusal.reason), refusal)
    return tuple(once[key] for key in sorted(once))


def _span_order(span: Span) -> tuple[Subject, bool, datetime | None]:
    return (span.subject, span.since is not None, span.since)
