"""What matters this morning: who rose and fell, who is hot, who is here now, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q

from passerelle.apps.accounts.models import User
from passerelle.apps.accounts.rights import Right, may
from passerelle.apps.capture.models import Event, EventKind, Robot, Source
from passerelle.apps.desk.stages import ripe_stages
from passerelle.apps.people.models import Lead, Tie
from passerelle.apps.people.queries import visible_leads
from passerelle.apps.scoring.models import PublishedAgreement, Score, Transition
from passerelle.core.agreement import Agreement
from passerelle.core.standing import rank

LATELY = timedelta(days=7)
PRESENT = timedelta(minutes=15)
_LOOKED_AT = 400
_HIGHEST = 3_000
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Movement:
    """The moves of the last week, the newest first."""

    risen: tuple[Transition, ...]
    fallen: tuple[Transition, ...]
    reached: Counter[str]


@dataclass(frozen=True, slots=True)
class Visitors:
    """Who is on the sites right now; `unknown` are devices that nobody is known by."""

    known: tuple[tuple[Lead, Event], ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class Task:
    """A step of setting Passerelle up; `url` is the name of the page where it is done."""

    key: str
    url: str
    is_done: bool


def movement(user: User, agreement: Agreement, *, now: datetime) -> Movement:
    """Who moved between stages within a week, of those that somebody may see."""
    latest = Transition.objects.order_by("-id")[:_LOOKED_AT]
    rows = [row for row in latest if row.at >= now - LATELY]
    visible = visible_leads(user).filter(pk__in={row.lead_id for row in rows})
    seen = set(visible.values_list("pk", flat=True))
    rows = [row for row in rows if row.lead_id in seen]
    up = [row for row in rows if _climb(agreement, row) > 0]
    down = [row for row in rows if _climb(agreement, row) < 0]
    risen, fallen = (tuple(islice(_once(some), _SHOWN)) for some in (up, down))
    shown = visible.select_related("company", "score").in_bulk(
        [row.lead_id for row in (*risen, *fallen)]
    )
    for row in (*risen, *fallen):
        row.lead = shown[row.lead_id]
    return Movement(risen, fallen, Counter(row.to_stage for row in up))


def hottest(user: User, agreement: Agreement, *, now: datetime) -> Sequence[Lead]:
    """The ripe leads that were seen within a week, the highest scores first.

    In a large house they are looked for among the highest scores alone.
    """
    highest = Score.objects.filter(stage__in=ripe_stages(agreement)).order_by("-total")
    leads = visible_leads(user).filter(
        pk__in=list(highest.values_list("pk", flat=True)[:_HIGHEST]),
        last_seen_at__gte=now - LATELY,
    )
    return list(leads.select_related("score", "company").order_by("-score__total")[:_SHOWN])


def visitors(user: User, *, now: datetime) -> Visitors:
    """Who did something on a site within a quarter of an hour."""
    latest: dict[int, Event] = {}
    for row in Event.objects.order_by("-id")[:_LOOKED_AT]:  # by its key, however long the log
        is_somebody = row.robot == Robot.NONE and row.kind != EventKind.ACT
        if is_somebody and row.received_at >= now - PRESENT:
            latest.setdefault(row.device_id or row.subject_id, row)
    ties = Tie.objects.filter(
        Q(since=None) | Q(since__lte=now),
        Q(until=None) | Q(until__gt=now),
        subject__in={s for row in latest.values() for s in (row.subject_id, row.device_id) if s},
    ).values_list("subject", "lead")
    lead_of = dict(ties)
    leads = visible_leads(user).select_related("company", "score").in_bulk(set(lead_of.values()))
    known: dict[int, tuple[Lead, Event]] = {}
    unknown = 0
    for row in latest.values():
        pk = lead_of.get(row.subject_id) or lead_of.get(row.device_id or 0)
        if pk is None:
            unknown += 1
        elif pk in leads:
            known.setdefault(pk, (leads[pk], row))
    return Visitors(tuple(known.values())[:_SHOWN], unknown)


def tasks(user: User) -> tuple[Task, ...]:
    """What is set up and what is missing, of what somebody may do themselves."""
    steps: dict[Right, tuple[str, str, bool]] = {
        Right.PUBLISH_AGREEMENT: (
            "agreement",
            "scoring:agreement",
            PublishedAgreement.objects.exists(),
        ),
        Right.CHANGE_SOURCES: ("source", "capture:sources", Source.objects.exists()),
        Right.SEE_SOURCES: (
            "event",
            "capture:sources",
            Event.objects.exclude(source=None).exists(),
        ),
        Right.IMPORT_LEADS: ("import", "people:imports", Lead.objects.exists()),
        Right.MANAGE_USERS: ("team", "accounts:users", User.objects.all()[1:2].exists()),
    }
    return tuple(Task(*step) for right, step in steps.items() if may(user, right))


def _climb(agreement: Agreement, row: Transition) -> int:
    if not row.from_stage:  # a new lead rose only if it is ripe at once
        return int(row.to_stage in ripe_stages(agreement))
    return rank(agreement, row.to_stage) - rank(agreement, row.from_stage)


def _once(rows: Sequence[Transition]) -> Iterator[Transition]:
    told: set[int] = set()
    for row in rows:
        if row.lead_id not in told:
            told.add(row.lead_id)
            yield row
