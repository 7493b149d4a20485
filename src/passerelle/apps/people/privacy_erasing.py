"""Forgetting somebody: asked for at once, carried out by each store's worker, signed by each."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import AuditEntry, User
from passerelle.apps.capture.actions import Name, block_identities
from passerelle.apps.capture.models import Arrival, Event, Subject
from passerelle.apps.people.companies import drop_deserted
from passerelle.apps.people.locking import take_turn, wait_for_turn
from passerelle.apps.people.models import (
    Claim,
    Lead,
    Postponed,
    Refusal,
    Tie,
    Touched,
)
from passerelle.apps.people.models_privacy import (
    Consent,
    ErasedSpan,
    Erasure,
    WhyErased,
    WhySuppressed,
)
from passerelle.apps.people.portraits import redraw
from passerelle.apps.people.privacy_imports import forget_imported
from passerelle.apps.people.privacy_suppression import (
    family_of,
    lasting_names,
    put_on_list,
    subjects_of,
)
from passerelle.apps.people.settling import settle

Store = Literal["log", "history", "scores"]
BATCH = 2_000
QUIET = timedelta(seconds=10)
"""What was on its way when somebody asked to be forgotten has arrived after that time."""
SHORTEST = 4
"""A name shorter than that would be found in every text."""


@transaction.atomic
def request_erasure(lead: Lead, *, why: WhyErased, by: User | None, now: datetime) -> Erasure:
    """Forget somebody. The row is blank at once; the stores follow within minutes.

    Who asked for it is refused from now on: events that name them are dropped, and they are on the
    list of those not to be contacted. Only keyed hashes are kept for that.
    """
    wait_for_turn()
    family = family_of(lead)
    subjects = subjects_of(lead)
    shared = _shared(subjects, family)
    alone = [subject for subject in subjects if subject.pk not in shared]
    erasure = Erasure.objects.create(
        lead_key=new_key(),
        why=why,
        requested_at=now,
        requested_by=by,
        leads=[one.pk for one in family],
    )
    _note_spans(erasure, alone, shared, family)
    if why == WhyErased.ASKED:
        block_identities([Name(kind=s.kind, value=s.value) for s in alone], now=now)
        put_on_list(lasting_names(alone), why=WhySuppressed.ERASED, now=now)
    names = {name.value for name in lasting_names(alone)}
    forget_imported(names, {text for one in family for text in _held(one)}, now=now)
    partners = _forget_naming(erasure, alone)
    _forget_identity({subject.pk for subject in alone}, family, partners=partners, now=now)
    for one in family:
        _blank(one, erasure.lead_key if one.merged_into_id is None else new_key(), now=now)
    details = {"why": why}
    subject = f"lead:{erasure.lead_key}"
    record_deed(by, "privacy.erasure_requested", subject=subject, details=details, now=now)
    return erasure


def carry_out_erasures(now: datetime) -> int:
    """Delete some of what the log holds of those who are to be forgotten; how much, 0: nothing."""
    waiting = Erasure.objects.filter(log_at=None).order_by("pk").first()
    if waiting is None:
        return 0
    return _forget_some(waiting.pk, now=now)


@transaction.atomic
def sign(erasure: Erasure, store: Store, *, now: datetime) -> None:
    """Say that a store holds nothing of them any more; the last one closes the request."""
    Erasure.objects.filter(pk=erasure.pk).update(**{f"{store}_at": now})
    transaction.on_commit(_clear_write_ahead_log)
    found = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if found.log_at and found.history_at and found.scores_at and not found.finished_at:
        Erasure.objects.filter(pk=erasure.pk).update(finished_at=now)
        record_deed(None, "privacy.erased", subject=f"lead:{erasure.lead_key}", now=now)


def waiting_for(store: Literal["history", "scores"]) -> QuerySet[Erasure]:
    """Requests that a store has yet to carry out: those that the log has carried out."""
    return Erasure.objects.filter(**{f"{store}_at": None}).exclude(log_at=None).order_by("pk")


@transaction.atomic
def _forget_some(pk: int, *, now: datetime) -> int:
    if not take_turn():
        return 0
    erasure = Erasure.objects.select_for_update().get(pk=pk)
    spans = list(erasure.spans.all())
    ids = list(_events_of(spans).values_list("pk", flat=True)[:BATCH])
    if ids:
        Event.objects.filter(pk__in=ids).delete()
        Erasure.objects.filter(pk=pk).update(events=erasure.events + len(ids))
        return len(ids)
    if now - erasure.requested_at < QUIET:
        return 0
    alone = {span.subject_id for span in spans if span.since is None and span.until is None}
    _forget_returned(erasure, alone, now=now)
    Event.objects.filter(device__in=alone).update(device=None)
    Subject.objects.filter(pk__in=alone).delete()
    sign(erasure, "log", now=now)
    return 1


def _clear_write_ahead_log() -> None:
    """On SQLite what was deleted stands in the write-ahead log and under it until this."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _shared(subjects: Sequence[Subject], family: Sequence[Lead]) -> set[int]:
    """Those that speak for other people, too, at other times."""
    others = Tie.objects.filter(subject__in=subjects).exclude(lead__in=family)
    return set(others.values_list("subject", flat=True))


def _note_spans(
    erasure: Erasure, alone: Iterable[Subject], shared: set[int], family: Sequence[Lead]
) -> None:
    spans = [ErasedSpan(erasure=erasure, subject_id=subject.pk) for subject in alone]
    for tie in Tie.objects.filter(subject__in=shared, lead__in=family):
        since, until = tie.since, tie.until
        if since is None and until is None:  # but others' it is, too: nothing tells them apart
            continue
        spans.append(
            ErasedSpan(erasure=erasure, subject_id=tie.subject_id, since=since, until=until)
        )
    ErasedSpan.objects.bulk_create(spans)


def _held(lead: Lead) -> list[str]:
    own = [lead.name, lead.email, lead.phone]
    return [*own, *(value for value in lead.fields.values() if isinstance(value, str))]


def _forget_naming(erasure: Erasure, alone: Sequence[Subject]) -> set[int]:
    """Delete what others' events say of these people; the subjects whose events were looked at."""
    ids = {subject.pk for subject in alone}
    names = {name.value for name in lasting_names(alone) if len(name.value) >= SHORTEST}
    beside = Claim.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    refused = Refusal.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    pairs = [*beside.values_list("first", "second"), *refused.values_list("first", "second")]
    partners = {partner for pair in pairs for partner in pair if partner} - ids
    named = [
        event
        for event in Event.objects.filter(subject__in=partners).iterator(chunk_size=2000)
        if _mentions([event.properties, event.context], names)
    ]
    moment = timedelta(microseconds=1)
    ErasedSpan.objects.bulk_create(
        ErasedSpan(
            erasure=erasure,
            subject_id=event.subject_id,
            since=event.occurred_at,
            until=event.occurred_at + moment,
        )
        for event in named
    )
    Event.objects.filter(pk__in=[event.pk for event in named]).delete()
    return partners


def _mentions(value: Any, names: set[str]) -> bool:
    match value:
        case str():
            return any(name in value.lower() or name in value for name in names)
        case dict():
            return any(_mentions(part, names) for part in (*value, *value.values()))
        case list():
            return any(_mentions(part, names) for part in value)
        case _:
            return str(value) in names


def _forget_identity(
    alone: set[int], family: Sequence[Lead], *, partners: set[int], now: datetime
) -> None:
    """Untie the subjects from anybody, and work out again who their partners are without them."""
    Claim.objects.filter(Q(first__in=alone) | Q(second__in=alone)).delete()
    Refusal.objects.filter(Q(first__in=alone) | Q(second__in=alone)).delete()
    Tie.objects.filter(Q(subject__in=alone) | Q(lead__in=family)).delete()
    Arrival.objects.filter(subject__in=alone).delete()
    Postponed.objects.filter(subject__in=alone).delete()
    Consent.objects.filter(subject__in=alone).delete()
    Lead.objects.filter(anchor__in=alone).update(anchor=None)
    if partners:
        settled = settle(partners)
        others = Lead.objects.filter(ties__subject__in=partners, erased_at=None).distinct()
        redraw(others.exclude(pk__in=[one.pk for one in family]), now=now, visits=True)
        Touched.objects.bulk_create(
            Touched(lead_id=pk, first_at=at, at=now) for pk, at in settled.items()
        )


def _forget_returned(erasure: Erasure, alone: set[int], *, now: datetime) -> None:
    """Forget once more whom an event made known again that was on its way meanwhile."""
    returned = list(
        Lead.objects.filter(Q(anchor__in=alone) | Q(ties__subject__in=alone)).distinct()
    )
    subjects = list(Subject.objects.filter(pk__in=alone))
    partners = _forget_naming(erasure, subjects)
    _forget_identity(alone, returned, partners=partners, now=now)
    for lead in returned:
        _blank(lead, new_key(), now=now)
    if returned:
        leads = [*erasure.leads, *(lead.pk for lead in returned)]
        Erasure.objects.filter(pk=erasure.pk).update(leads=leads, scores_at=None)


def _blank(lead: Lead, key: str, *, now: datetime) -> None:
    """Leave the row, which counts rest on, and nothing in it that says who it was."""
    entries = AuditEntry.objects.filter(subject=f"lead:{lead.key}")
    entries.update(subject=f"lead:{key}", details={})
    others = AuditEntry.objects.filter(action__startswith="lead.", details__other=lead.key)
    others.update(details={})
    for relation in Lead._meta.related_objects:  # noqa: SLF001  # Django's public way to ask
        rows: Any = relation.related_model
        ours = rows._meta.app_label == Lead._meta.app_label and rows is not Lead  # noqa: SLF001
        if ours and not relation.many_to_many:  # notes, words to find them by, what else there is
            rows.objects.filter(**{relation.field.name: lead}).delete()
    lead.tags.clear()
    company = Lead.objects.values_list("company", flat=True).get(pk=lead.pk)
    Lead.objects.filter(pk=lead.pk).update(
        key=key, anchor=None, name="", email="", phone="", job_title="", company=None, fields={},
        first_touch={}, last_touch={}, last_seen_at=None, merged_into=None, erased_at=now,
    )  # fmt: skip
    # a company of one may be the person's own name
    if company is not None:
        drop_deserted([company])


def _events_of(spans: Sequence[ErasedSpan]) -> QuerySet[Event]:
    whole = {span.subject_id for span in spans if span.since is None and span.until is None}
    wanted = Q(subject__in=whole)
    for span in spans:
        if span.subject_id in whole:
            continue
        within = Q(subject=span.subject_id)
        if span.since is not None:
            within &= Q(occurred_at__gte=span.since)
        if span.until is not None:
            within &= Q(occurred_at__lt=span.until)
        wanted |= within
    return Event.objects.filter(wanted)


def new_key() -> str:
    """A key for the row that stays; it is drawn, so that nothing leads back."""
    return f"erased-{secrets.token_hex(8)}"
