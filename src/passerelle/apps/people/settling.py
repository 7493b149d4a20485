"""Who is who, worked out again for some subjects, and written down where it differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Min, Q

from passerelle.apps.capture.models import Event
from passerelle.apps.people.circles import Circle, circle_around
from passerelle.apps.people.keys import key_for
from passerelle.apps.people.models import Claim, Lead, Refusal, Tie
from passerelle.core.identity import Person, Refused, Resolution, Subject, resolve


class Held(NamedTuple):
    """A tie by its content."""

    lead_id: int
    subject_id: int
    since: datetime | None
    until: datetime | None


def settle(subjects: set[int]) -> dict[int, datetime]:
    """Work out who the subjects are and write leads, ties and refusals where they differ.

    The leads whose ties changed, each with the earliest time of which it did.
    """
    circle = circle_around(subjects)
    found = resolve(circle.claims, shared=circle.shared)
    people = [p for p in found.people if any(circle.ids[s] in circle.inside for s in p.subjects)]
    spans = [span for span in found.spans if circle.ids[span.subject] in circle.inside]
    anchored = {person.anchor for person in people} | {span.anchor for span in spans}
    by_anchor = {person.anchor: person for person in found.people}
    leads = _keep_leads([by_anchor[anchor] for anchor in sorted(anchored)], circle.ids)
    _keep_merges(people, leads, circle.ids)
    _keep_refusals(found, circle)
    wanted = {
        Held(leads[span.anchor].pk, circle.ids[span.subject], span.since, span.until)
        for span in spans
    }
    return _keep_ties(wanted, circle.inside)


def _keep_leads(people: Sequence[Person], ids: Mapping[Subject, int]) -> dict[Subject, Lead]:
    """The rows of these people, made where there are none yet."""
    anchors = {ids[person.anchor]: person for person in people}
    known = {lead.anchor_id: lead for lead in Lead.objects.filter(anchor__in=anchors)}
    Lead.objects.bulk_create(
        (
            Lead(
                key=key_for(*person.anchor),
                anchor_id=anchor,
                created_at=person.known_since,
                is_prospect=True,
            )
            for anchor, person in anchors.items()
            if anchor not in known
        ),
        batch_size=500,
    )
    for anchor, lead in known.items():
        if anchor is not None and lead.created_at != anchors[anchor].known_since:
            Lead.objects.filter(pk=lead.pk).update(created_at=anchors[anchor].known_since)
    rows = Lead.objects.filter(anchor__in=anchors)
    return {anchors[lead.anchor_id].anchor: lead for lead in rows if lead.anchor_id is not None}


def _keep_merges(
    people: Iterable[Person], leads: Mapping[Subject, Lead], ids: Mapping[Subject, int]
) -> None:
    """Lead the keys of those who were taken for somebody else to who they are; and back."""
    into = {
        ids[subject]: None if subject == person.anchor else leads[person.anchor].pk
        for person in people
        for subject in person.subjects
    }
    for lead in Lead.objects.filter(anchor__in=into):
        wanted = into[lead.anchor_id] if lead.anchor_id is not None else None
        if lead.merged_into_id != wanted:
            Lead.objects.filter(pk=lead.pk).update(merged_into=wanted)


def _keep_ties(wanted: set[Held], inside: set[int]) -> dict[int, datetime]:
    rows = {
        Held(tie.lead_id, tie.subject_id, tie.since, tie.until): tie.pk
        for tie in Tie.objects.filter(subject__in=inside)
    }
    gone, new = rows.keys() - wanted, wanted - rows.keys()
    Tie.objects.filter(pk__in=[rows[held] for held in gone]).delete()
    Tie.objects.bulk_create(
        (
            Tie(lead_id=h.lead_id, subject_id=h.subject_id, since=h.since, until=h.until)
            for h in new
        ),
        batch_size=500,
    )
    left = _forget_nobodies({held.lead_id for held in gone} - {held.lead_id for held in wanted})
    return {lead: at for lead, at in _touched({*gone, *new}).items() if lead not in left}


def _forget_nobodies(lead_ids: set[int]) -> set[int]:
    """Leads that nothing in the log speaks of any more never were; those that were deleted."""
    if not lead_ids:
        return set()
    nobodies = Lead.objects.filter(pk__in=lead_ids, ties=None, merged_into=None, erased_at=None)
    found = set(nobodies.values_list("pk", flat=True))
    nobodies.delete()
    return found


def _touched(changed: Iterable[Held]) -> dict[int, datetime]:
    """The earliest event that came or went for each lead; none, no matter."""
    held = list(changed)
    first = dict(
        Event.objects.filter(subject__in={h.subject_id for h in held})
        .values_list("subject")
        .annotate(Min("occurred_at"))
    )
    touched: dict[int, datetime] = {}
    for one in held:
        if at := first.get(one.subject_id):
            at = max(at, one.since or at)
            touched[one.lead_id] = min(touched.get(one.lead_id, at), at)
    return touched


def _keep_refusals(found: Resolution, circle: Circle) -> None:
    wanted = {
        (circle.ids[refused.first], circle.ids[refused.second], str(refused.reason)): refused
        for refused in found.refused
        if {circle.ids[refused.first], circle.ids[refused.second]} & circle.complete
    }
    stale: list[int] = []
    standing = Refusal.objects.filter(
        Q(first__in=circle.complete) | Q(second__in=circle.complete)
    ).exclude(reason="junk_identifier")
    for row in standing.select_related("event"):
        refused = wanted.get((row.first_id, row.second_id or 0, row.reason))
        if refused is None or refused.at != row.at:
            stale.append(row.pk)
        else:
            del wanted[row.first_id, row.second_id or 0, row.reason]
    Refusal.objects.filter(pk__in=stale).delete()
    _write_refusals(wanted)


def _write_refusals(wanted: Mapping[tuple[int, int, str], Refused]) -> None:
    if not wanted:
        return
    events = dict(
        Claim.objects.filter(message__in={r.claim for r in wanted.values()}).values_list(
            "message", "event"
        )
    )
    Refusal.objects.bulk_create(
        Refusal(
            event_id=events[refused.claim],
            first_id=first,
            second_id=second,
            reason=reason,
            at=refused.at,
        )
        for (first, second, reason), refused in wanted.items()
    )
