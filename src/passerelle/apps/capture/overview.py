"""What the pages of the sources show beside the log itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Sum

from passerelle.apps.capture.drops import DropReason
from passerelle.apps.capture.models import Drop, Event, Intake, Source

DAYS = 14
LIVE_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in the list of all; counts are of today, but `days`, which ends with today."""

    source: Source
    last_at: datetime | None
    live: bool
    events: int
    robots: int
    dropped: int
    days: Sequence[int]


@dataclass(frozen=True, slots=True)
class DropLine:
    """Why events of a source were dropped, how often on each day, and a few samples."""

    reason: str
    count: int
    last_on: date
    days: Sequence[int]
    samples: Sequence[str]


def source_lines(sources: Sequence[Source], *, now: datetime) -> list[SourceLine]:
    """Each source with how it fares today, in three questions whatever their number."""
    last = dict(
        Intake.objects.filter(source__in=sources)
        .values_list("source")
        .annotate(last=Max("last_at"))
        .values_list("source", "last")
    )
    days = _days(now)
    intakes: dict[tuple[int, date], Intake] = {
        (one.source_id, one.on): one
        for one in Intake.objects.filter(source__in=sources, on__gte=days[0])
    }
    dropped = dropped_today(now=now)
    return [
        _line(source, last.get(source.pk), intakes, dropped.get(source.pk, 0), now=now)
        for source in sources
    ]


def dropped_today(*, now: datetime) -> Mapping[int | None, int]:
    """How many events were dropped today of each source; None stands for no known key."""
    counts = Drop.objects.filter(on=now.date()).values_list("source").annotate(n=Sum("count"))
    return dict(counts.values_list("source", "n"))


def drop_lines(source: Source | None, *, now: datetime) -> list[DropLine]:
    """What was dropped in the last two weeks, most frequent first."""
    days = _days(now)
    rows: dict[str, list[Drop]] = defaultdict(list)
    for drop in Drop.objects.filter(source=source, on__gte=days[0]).order_by("-on"):
        rows[drop.reason].append(drop)
    lines = [
        DropLine(
            reason=reason,
            count=sum(drop.count for drop in found),
            last_on=found[0].on,
            days=[sum(drop.count for drop in found if drop.on == day) for day in days],
            samples=list(dict.fromkeys(s for drop in found for s in drop.samples))[:5],
        )
        for reason, found in rows.items()
    ]
    return sorted(lines, key=lambda line: (-line.count, line.reason))


def watched_events(
    source: Source | None, *, kind: str = "", robots: str = "", name: str = "", limit: int = 50
) -> list[Event]:
    """The newest events, newest first; `robots` is `only` or `none`, else both are there.

    Looks at the last ten thousand of the log at most: what is rare is not looked for in all of it.
    """
    events = Event.objects.select_related("subject", "device", "source")
    if source is not None:
        events = events.filter(source=source)
    newest = events.order_by("-id")
    floor = newest.values_list("id", flat=True)[9_999:10_000].first()
    if floor is not None:
        newest = newest.filter(id__gte=floor)
    if kind:
        newest = newest.filter(kind=kind)
    if robots:
        newest = newest.exclude(robot="") if robots == "only" else newest.filter(robot="")
    if name:
        newest = newest.filter(name=name)
    return list(newest[:limit])


def known_reason(reason: str) -> bool:
    """Whether a reason in the database is one that we have words for."""
    return reason in set(DropReason)


def _days(now: datetime) -> list[date]:
    return [now.date() - timedelta(days=back) for back in reversed(range(DAYS))]


def _line(
    source: Source,
    last_at: datetime | None,
    intakes: Mapping[tuple[int, date], Intake],
    dropped: int,
    *,
    now: datetime,
) -> SourceLine:
    days = [intakes.get((source.pk, day)) for day in _days(now)]
    today = days[-1]
    return SourceLine(
        source=source,
        last_at=last_at,
        live=last_at is not None and now - last_at < LIVE_FOR,
        events=today.events if today else 0,
        robots=today.robots if today else 0,
        dropped=dropped,
        days=[day.events if day else 0 for day in days],
    )
