"""Known identifiers put together into people, in order of event time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from passerelle.core.identity_claims import Claim, ClaimKind, RefusalReason, Refused, Subject
from passerelle.core.identity_junk import is_junk

_SECOND = {"user": RefusalReason.SECOND_USER, "email": RefusalReason.SECOND_EMAIL}
Seen = tuple[datetime, str]


@dataclass(slots=True)
class Group:
    """One person while people are being put together.

    `anchor` is the subject whose key the person bears; `held` its identifier of each kind that
    stands, others were given up in a merge.
    """

    anchor: Subject
    subjects: set[Subject]
    held: dict[str, Subject] = field(default_factory=dict)


class Groups:
    """Who is who among known identifiers, after all claims have been heard in order."""

    def __init__(self, claims: Sequence[Claim], shared: frozenset[Subject]) -> None:
        self.seen: Mapping[Subject, Seen] = _first_seen(claims)
        self.refused: list[Refused] = []
        self._shared = shared
        self._of: dict[Subject, Group] = {}
        self._apart = [
            (c.first, c.second) for c in claims if c.kind is ClaimKind.APART and c.second
        ]
        for subject in self.seen:
            self._of[subject] = Group(subject, {subject}, {subject.kind: subject})
        for claim in claims:
            self._hear(claim)
        self._forget_phantoms(*self.all())

    def of(self, subject: Subject) -> Group | None:
        """The person whom a known subject names; none if it never was anybody."""
        return self._of.get(subject)

    def all(self) -> list[Group]:
        """Every person, once."""
        return list({id(group): group for group in self._of.values()}.values())

    def doubt(self, *subjects: Subject) -> RefusalReason | None:
        """Why subjects like these never join anybody, if so."""
        if any(map(is_junk, subjects)):
            return RefusalReason.JUNK
        return RefusalReason.SHARED if self._shared.intersection(subjects) else None

    def _hear(self, claim: Claim) -> None:
        first, second = claim.first, claim.second
        if second is None or first.is_device or second.is_device:
            return
        match claim.kind:
            case ClaimKind.MERGE:
                self._join(self._group(first), self._group(second), kept=first)
            case ClaimKind.SAME:
                self._try(claim, first, second)
            case ClaimKind.ALIAS if second in self.seen:
                self._try(claim, first, second)
            case _:
                pass

    def _try(self, claim: Claim, first: Subject, second: Subject) -> None:
        reason = self.doubt(first, second)
        if reason is None:
            ours, theirs = self._group(first), self._group(second)
            if ours is theirs:
                return
            reason = self._conflict(ours, theirs)
            if reason is None:
                self._join(ours, theirs)
                return
            self._forget_phantoms(ours, theirs)
        self.refused.append(Refused(first, second, reason, claim.at, claim.id))

    def _conflict(self, ours: Group, theirs: Group) -> RefusalReason | None:
        for one, other in self._apart:
            if (one in ours.subjects and other in theirs.subjects) or (
                other in ours.subjects and one in theirs.subjects
            ):
                return RefusalReason.KEPT_APART
        for kind, reason in _SECOND.items():
            if kind in ours.held and kind in theirs.held:
                return reason
        return None

    def _group(self, subject: Subject) -> Group:
        return self._of.setdefault(subject, Group(subject, {subject}, {subject.kind: subject}))

    def _forget_phantoms(self, *groups: Group) -> None:
        """A name that was refused and under which nobody ever did anything is nobody."""
        for group in groups:
            if not any(subject in self.seen for subject in group.subjects):
                for subject in group.subjects:
                    del self._of[subject]

    def _join(self, ours: Group, theirs: Group, *, kept: Subject | None = None) -> None:
        if ours is theirs:
            return
        into, other = (ours, theirs) if kept or self._earlier(ours, theirs) else (theirs, ours)
        into.subjects |= other.subjects
        into.held = {**other.held, **into.held}
        for subject in other.subjects:
            self._of[subject] = into

    def _earlier(self, ours: Group, theirs: Group) -> bool:
        if theirs.anchor not in self.seen:
            return True
        if ours.anchor not in self.seen:
            return False
        return (self.seen[ours.anchor], ours.anchor) <= (self.seen[theirs.anchor], theirs.anchor)


def _first_seen(claims: Iterable[Claim]) -> Mapping[Subject, Seen]:
    seen: dict[Subject, Seen] = {}
    for claim in claims:
        if claim.kind is ClaimKind.SEEN and not claim.first.is_device and not is_junk(claim.first):
            seen.setdefault(claim.first, (claim.at, claim.id))
    return seen
