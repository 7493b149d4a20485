"""Why not yet, in sentences: the next stage and each thing that is missing to it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.explaining_format import (
    alternatives,
    capital,
    day,
    event_name,
    level_name,
    number,
    signed,
    stage_name,
    test_in_words,
    titled,
    value_in_words,
)
from passerelle.core.outlook import (
    CriterionGap,
    DisqualifiedGap,
    EventGap,
    FieldGap,
    Gap,
    GradeGap,
    LevelGap,
    NextStage,
    QualifiedGap,
    RearmGap,
    RestGap,
)
from passerelle.core.stages import DISQUALIFIED, NURTURING
from passerelle.words import Language, say


def not_yet(
    agreement: Agreement, here: str, ahead: NextStage | None, language: Language
) -> Iterator[str]:
    """What the lead lacks to the next stage."""
    if ahead is None:
        yield say("explain.not_yet.top", language)
        return
    kept = here in (DISQUALIFIED, NURTURING)
    stage = stage_name(agreement, ahead.stage, language)
    yield say(f"explain.not_yet.{'otherwise' if kept else 'next'}", language, stage=stage)
    for gap in ahead.gaps:
        yield capital(_gap(agreement, gap, language))
    if ahead.shortcuts:
        tracks = alternatives([titled(agreement, key) for key in ahead.shortcuts], language)
        yield say("explain.not_yet.shortcut", language, tracks=tracks)
    if ahead.frozen_since is not None:
        since = day(agreement.day(ahead.frozen_since), language)
        yield say("explain.not_yet.frozen", language, date=since)


def _gap(agreement: Agreement, gap: Gap, language: Language) -> str:
    match gap:
        case LevelGap():
            return _level_gap(gap, language)
        case GradeGap():
            wanted = alternatives(gap.wanted, language)
            return say("explain.not_yet.grade", language, grade=gap.grade, wanted=wanted)
        case EventGap():
            return _event_gap(agreement, gap, language)
        case FieldGap():
            return say(
                "explain.not_yet.field",
                language,
                field=gap.field,
                value=value_in_words(gap.value, language),
                wanted=test_in_words(gap.test, language),
            )
        case CriterionGap():
            criterion = say(f"explain.criterion.{gap.criterion}", language)
            key = f"explain.not_yet.criterion.{gap.state}"
            return say(key, language, criterion=criterion, points=signed(gap.points, language))
        case QualifiedGap():
            return say("explain.not_yet.qualified", language)
        case RestGap():
            on = day(gap.until, language)
            return say("explain.not_yet.rest", language, reason=gap.reason, date=on)
        case RearmGap():
            missing = number(gap.missing, language)
            return say("explain.not_yet.rearm", language, n=gap.missing, missing=missing)
        case DisqualifiedGap():
            by = titled(agreement, gap.by)
            if gap.until is None:
                return say("explain.not_yet.disqualified", language, by=by)
            on = day(gap.until, language)
            return say("explain.not_yet.disqualified_until", language, by=by, date=on)


def _level_gap(gap: LevelGap, language: Language) -> str:
    level, value = level_name(gap.level, language), number(gap.value, language)
    low = gap.line.low
    if gap.missing > 0 and low is not None and not gap.line.low_included:
        short = max(low - gap.value, Decimal(0))
        data = {
            "level": level,
            "value": value,
            "line": number(low, language),
        }
        if not short:
            return say("explain.not_yet.above", language, **data)
        missing = number(short, language)
        return say("explain.not_yet.beyond", language, n=short, missing=missing, **data)
    key = "low" if gap.missing > 0 else "high"
    missing = number(abs(gap.missing), language)
    line = number((low if gap.missing > 0 else gap.line.high) or Decimal(0), language)
    return say(
        f"explain.not_yet.{key}",
        language,
        n=abs(gap.missing),
        level=level,
        missing=missing,
        value=value,
        line=line,
    )


def _event_gap(agreement: Agreement, gap: EventGap, language: Language) -> str:
    events = alternatives([event_name(event, language) for event in gap.events], language)
    if gap.where:
        tests = [f"{n} {test_in_words(test, language)}" for n, test in gap.where.items()]
        events = say("explain.change.with", language, event=events, values=", ".join(tests))
    if gap.since is None:
        return say("explain.not_yet.event", language, events=events)
    since = day(agreement.day(gap.since), language)
    return say("explain.not_yet.event_since", language, date=since, events=events)
