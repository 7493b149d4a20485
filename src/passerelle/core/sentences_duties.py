"""What the teams owe each other, in sentences: qualification, hand-off, clocks, recycling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from babel.dates import get_day_names

from passerelle.core.duties import (
    CRITERIA,
    WEEKDAYS,
    Bant,
    Calendar,
    Clock,
    Dossier,
    Handoff,
    OpenHours,
    Qualification,
    Rearm,
    Recycling,
    SalesQualified,
    Signature,
)
from passerelle.core.sentences_names import act, clock, field, reason
from passerelle.core.sentences_tests import range_words
from passerelle.core.spoken import capital, day, either, every, number, plain_points, span
from passerelle.words import Language, say


def qualification_sentences(asked: Qualification, language: Language) -> Iterator[str]:
    """What it takes to become a sales qualified lead, and what BANT is worth."""
    if asked.sales_qualified.asks:
        yield takes_sentence(asked.sales_qualified, language)
    yield from bant_sentences(asked.bant, language)


def takes_sentence(asked: SalesQualified, language: Language) -> str:
    """What must have happened, and the BANT score that is asked for."""
    taken = [act(event, language) for event in asked.requires]
    if asked.bant is not None:
        line = range_words(asked.bant, language)
        taken.append(say("sentences.qualification.score", language, line=line))
    return say("sentences.qualification.takes", language, taken=every(taken, language))


def bant_sentences(bant: Bant, language: Language) -> Iterator[str]:
    """The points of each criterion, and how long they stand."""
    criteria = [
        say(
            "sentences.qualification.criterion",
            language,
            what=field(criterion, language),
            number=number(bant.points(criterion), language),
        )
        for criterion in CRITERIA
    ]
    yield say("sentences.qualification.bant", language, criteria=every(criteria, language))
    if bant.evidence_expires is not None:
        lasting = span(bant.evidence_expires, language)
        yield say("sentences.qualification.expires", language, span=lasting)


def handoff_sentences(handoff: Handoff, language: Language) -> Iterator[str]:
    """The dossier, the routing, the hours, the clocks and the reasons to give a lead back."""
    yield from dossier_sentences(handoff.dossier, language)
    if handoff.routing:
        yield routing_sentence(handoff.routing, language)
    if handoff.calendar is not None:
        yield from calendar_sentences(handoff.calendar, language)
    for key, one in handoff.clocks.items():
        yield clock_sentence(key, one, language)
    if handoff.return_reasons:
        yield reasons_sentence(handoff.return_reasons, language)


def routing_sentence(routing: Sequence[object], language: Language) -> str:
    """How many rules say who takes a lead."""
    return say("sentences.handoff.routing", language, n=len(routing))


def reasons_sentence(reasons: Sequence[str], language: Language) -> str:
    """Why sales may give a lead back."""
    said = either([reason(r, language) for r in reasons], language)
    return say("sentences.handoff.reasons", language, reasons=said)


def dossier_sentences(dossier: Dossier, language: Language) -> Iterator[str]:
    """What sales knows of every lead, and what it would like to know."""
    for key in ("required", "wanted"):
        if names := getattr(dossier, key):
            fields = every([field(name, language) for name in names], language)
            yield say(f"sentences.handoff.{key}", language, fields=fields)


def calendar_sentences(calendar: Calendar, language: Language) -> Iterator[str]:
    """The open hours, days with the same hours together."""
    names = get_day_names("wide", locale=language)
    open_days = [(d, calendar.weekly[d]) for d in WEEKDAYS if calendar.weekly.get(d)]
    for hours, days in groupby(open_days, key=lambda one: one[1]):
        numbers = [WEEKDAYS.index(name) for name, _ in days]
        said = _days([str(names[n]) for n in numbers], numbers, language)
        stretches = every([_stretch(hour, language) for hour in hours], language)
        yield say("sentences.handoff.open", language, days=said, hours=stretches)
    if calendar.holidays is not None:
        yield say("sentences.handoff.holidays", language, country=calendar.holidays)


def clock_sentence(key: str, one: Clock, language: Language) -> str:
    """How long sales may take on one clock."""
    return say(
        "sentences.handoff.clock",
        language,
        clock=clock(key, language),
        accept=span(one.accept, language),
        contact=span(one.contact, language),
    )


def recycling_sentences(recycle: Recycling, language: Language) -> Iterator[str]:
    """When a lead that was given back may come up again."""
    for key, days in recycle.after.items():
        yield after_sentence(key, days, language)
    if recycle.rearm.new_points:
        yield rearm_sentence(recycle.rearm, language)


def after_sentence(key: str, days: int, language: Language) -> str:
    """How long a lead given back for that reason stays down."""
    why = capital(reason(key, language))
    return say("sentences.recycle.after", language, reason=why, span=span(days, language))


def rearm_sentence(rearm: Rearm, language: Language) -> str:
    """What a lead must earn before it comes up again."""
    new = plain_points(rearm.new_points, language)
    return say("sentences.recycle.rearm", language, points=new)


def signature_sentence(signature: Signature, language: Language) -> str:
    """Who signed for which team, and when."""
    return say(
        "sentences.signature",
        language,
        team=say(f"events.team.{signature.team}", language),
        name=signature.name,
        day=day(signature.on, language),
    )


def _days(names: list[str], numbers: list[int], language: Language) -> str:
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return say("sentences.handoff.days", language, first=names[0], last=names[-1])
    return every([say("sentences.handoff.day", language, day=name) for name in names], language)


def _stretch(hours: OpenHours, language: Language) -> str:
    opens, closes = _hour(hours.opens), _hour(hours.closes)
    return say("sentences.handoff.stretch", language, opens=opens, closes=closes)


def _hour(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
