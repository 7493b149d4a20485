"""The claims that matter for some subjects: enough to say who they are, as few as can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from passerelle.apps.capture.models import Subject, SubjectKind
from passerelle.apps.people.models import Claim as ClaimRow
from passerelle.core.identity import Claim, ClaimKind
from passerelle.core.identity import Subject as Named
from passerelle.core.identity_junk import MOST_DEVICES, MOST_IDENTIFIERS, MOST_PEOPLE

_BETWEEN_KNOWN = (
    ClaimKind.SEEN, ClaimKind.SAME, ClaimKind.ALIAS, ClaimKind.MERGE, ClaimKind.APART,
    ClaimKind.UNDO,
)  # fmt: skip


@dataclass(slots=True)
class Circle:
    """Subjects about which something may have changed, and all that decides it.

    Attributes:
        claims: what is claimed of them.
        shared: subjects that too many others are claimed to be.
        inside: subjects whose ties follow from the claims.
        complete: of these, those of which no claim is missing, so that refusals do too.
        ids: the id of each subject that a claim names.
    """

    claims: list[Claim] = field(default_factory=list)
    shared: frozenset[Named] = frozenset()
    inside: set[int] = field(default_factory=set)
    complete: set[int] = field(default_factory=set)
    ids: dict[Named, int] = field(default_factory=dict)


def circle_around(subjects: set[int]) -> Circle:
    """Gather the claims that say who these subjects are.

    Known names lead to known names; from there to their devices; from these to who else was on
    them, and who that is. A subject that too many share leads nowhere.
    """
    kinds = dict(Subject.objects.filter(pk__in=subjects).values_list("pk", "kind"))
    seeds = {pk for pk, kind in kinds.items() if kind == SubjectKind.DEVICE}
    rows: dict[int, ClaimRow] = {}
    shared: set[int] = set()
    inside = _known_around(set(kinds) - seeds, rows, shared)
    devices = seeds | _devices_of(inside - shared)
    shared |= _crowded(devices)
    on = ClaimRow.objects.filter(
        Q(kind=ClaimKind.ON, first__in=devices) | Q(kind=ClaimKind.ALIAS, second__in=devices)
    )
    rows |= {row.pk: row for row in on}
    guests = {row.second_id if row.kind == ClaimKind.ON else row.first_id for row in on}
    _known_around({pk for pk in guests if pk} - inside, rows, shared)
    return _circle(rows.values(), shared, inside | devices, complete=(inside | devices) - shared)


def partners_if_newly_shared(subjects: set[int]) -> set[int]:
    """Those whom subjects were joined with that have become shared; nothing if they were before.

    Who is shared is joined with nobody, so all of them must be looked at again.
    """
    shared = _shared(subjects) | _crowded(subjects)
    if not shared:
        return set()
    joined = ClaimRow.objects.filter(
        Q(first__in=shared) | Q(second__in=shared), kind__in=[ClaimKind.SAME, ClaimKind.ON]
    )
    pairs = joined.values_list("first", "second")
    return {pk for pair in pairs[: 4 * MOST_DEVICES] for pk in pair if pk}


def _known_around(start: set[int], rows: dict[int, ClaimRow], shared: set[int]) -> set[int]:
    """All known names that claims may join with these, whether they do or not."""
    visited: set[int] = set()
    frontier = start
    while frontier:
        visited |= frontier
        here = _shared(frontier)
        shared |= here
        free = frontier - here
        found = ClaimRow.objects.filter(
            Q(first__in=free) | Q(second__in=free), kind__in=_BETWEEN_KNOWN
        )
        words = ClaimRow.objects.filter(
            Q(first__in=here) | Q(second__in=here),
            kind__in=[k for k in _BETWEEN_KNOWN if k is not ClaimKind.SAME],
        )
        reached = [*found, *(words if here else ())]
        rows |= {row.pk: row for row in reached}
        frontier = {pk for row in reached for pk in (row.first_id, row.second_id) if pk} - visited
    return visited


def _devices_of(known: set[int]) -> set[int]:
    on = ClaimRow.objects.filter(kind=ClaimKind.ON, second__in=known)
    alias = ClaimRow.objects.filter(
        kind=ClaimKind.ALIAS, first__in=known, second__kind=SubjectKind.DEVICE
    )
    return {*on.values_list("first", flat=True), *alias.values_list("second", flat=True)} - {None}


def _shared(known: Iterable[int]) -> set[int]:
    """Those of the known names that too many others are claimed to be."""
    same = ClaimRow.objects.filter(kind=ClaimKind.SAME)
    on = ClaimRow.objects.filter(kind=ClaimKind.ON, second__in=known)
    return {
        *_more_than(MOST_IDENTIFIERS, same.filter(first__in=known), "first", "second"),
        *_more_than(MOST_IDENTIFIERS, same.filter(second__in=known), "second", "first"),
        *_more_than(MOST_DEVICES, on, "second", "first"),
    }


def _crowded(devices: Iterable[int]) -> set[int]:
    """The devices on which too many people were."""
    on = ClaimRow.objects.filter(kind=ClaimKind.ON, first__in=devices)
    return _more_than(MOST_PEOPLE, on, "first", "second")


def _more_than(most: int, claims: object, whose: str, others: str) -> set[int]:
    counted = claims.values(whose).annotate(n=Count(others, distinct=True))  # type: ignore[attr-defined]
    return set(counted.filter(n__gt=most).values_list(whose, flat=True))


def _circle(
    rows: Iterable[ClaimRow], shared: set[int], inside: set[int], *, complete: set[int]
) -> Circle:
    each = list(rows)
    wanted = {pk for row in each for pk in (row.first_id, row.second_id) if pk} | inside | shared
    names = {s.pk: Named(s.kind, s.value) for s in Subject.objects.filter(pk__in=wanted)}
    claims = [
        Claim(
            row.at,
            row.message,
            ClaimKind(row.kind),
            names[row.first_id],
            names[row.second_id] if row.second_id else None,
            row.undoes,
        )
        for row in each
    ]
    return Circle(
        claims,
        frozenset(names[pk] for pk in shared),
        inside,
        complete,
        {name: pk for pk, name in names.items()},
    )
