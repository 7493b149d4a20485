"""Where a lead stands, and what sales knows of it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import text_of
from passerelle.core.duties import BANT_EVENT, CRITERIA
from passerelle.core.explaining_format import (
    capital,
    day,
    level_name,
    number,
    signed,
    stage_name,
    titled,
)
from passerelle.core.history import Lead
from passerelle.core.qualification import Assessment
from passerelle.core.scorer import Score, record_of
from passerelle.words import Language, say

_DETAILS = ("evidence", "source", "confidence")


def summary(agreement: Agreement, score: Score, language: Language) -> Iterator[str]:
    """The total, the stage and what put the lead there."""
    standing = score.standing
    data = {
        "total": number(score.total, language),
        "most": number(agreement.total.range[1], language),
        "n": score.total,
    }
    if score.levels.grade:
        yield say("explain.summary.graded", language, grade=score.levels.grade, **data)
    else:
        yield say("explain.summary.plain", language, **data)
    stage = stage_name(agreement, standing.stage, language)
    yield say("explain.summary.stage", language, stage=stage)
    for key, dimension in agreement.dimensions.items():
        value, most = score.levels.dimensions[key], dimension.range[1]
        yield say(
            "explain.summary.level",
            language,
            level=capital(level_name(key, language)),
            value=number(value, language),
            most=number(most, language),
        )
    if standing.fast_track is not None:
        track = titled(agreement, standing.fast_track)
        if standing.clock is None:
            yield say("explain.summary.fast_track", language, track=track)
        else:
            yield say("explain.summary.clocked", language, track=track, clock=standing.clock)
    if standing.disqualified is not None:
        by = titled(agreement, standing.disqualified)
        yield say("explain.summary.disqualified", language, by=by)
    if standing.recycled is not None:
        yield say("explain.summary.nurturing", language, reason=standing.recycled)
    if score.levels.as_of < score.as_of:
        on = day(agreement.day(score.levels.as_of), language)
        yield say("explain.summary.frozen", language, date=on)


def qualification(
    agreement: Agreement, lead: Lead, score: Score, language: Language
) -> Iterator[str]:
    """What sales assessed, criterion by criterion, once it has assessed anything."""
    if agreement.qualification is None:
        return
    bant = agreement.qualification.bant
    past = record_of(agreement, lead).at(score.as_of)
    assessed = {
        text_of(seen.properties.get("criterion")): seen for seen in past.named((BANT_EVENT,))
    }
    if not assessed:
        return
    most = sum((bant.points(criterion) for criterion in CRITERIA), Decimal(0))
    n = score.standing.bant.points
    points, most_told = number(n, language), number(most, language)
    yield say("explain.bant.score", language, n=n, points=points, most=most_told)
    for criterion in CRITERIA:
        name = capital(say(f"explain.criterion.{criterion}", language))
        if one := score.standing.bant.assessments.get(criterion):
            worth = signed(bant.points(criterion), language)
            yield _assessed(one, name, worth, language)
        elif seen := assessed.get(criterion):
            yield say("explain.bant.lapsed", language, criterion=name, date=day(seen.day, language))
        else:
            yield say("explain.bant.open", language, criterion=name)


def _assessed(one: Assessment, name: str, points: str, language: Language) -> str:
    on = day(one.seen.day, language)
    if one.met:
        sentence = say("explain.bant.met", language, criterion=name, date=on, points=points)
    else:
        sentence = say("explain.bant.unmet", language, criterion=name, date=on)
    if one.expires_on is not None:
        until = day(one.expires_on, language)
        sentence = say("explain.bant.expires", language, sentence=sentence, date=until)
    details = [
        say(f"explain.bant.detail.{what}", language, said=said)
        for what in _DETAILS
        if (said := one.said(what))
    ]
    if not details:
        return sentence
    return say("explain.bant.said", language, sentence=sentence, details=", ".join(details))
