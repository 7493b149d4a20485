"""Why a lead has its points: a sentence for each reason, for each line and each override."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from passerelle.core.agreement import Agreement
from passerelle.core.explaining_format import (
    ago,
    day,
    level_name,
    number,
    signed,
    titled,
    value_in_words,
)
from passerelle.core.explaining_reasons import attributed
from passerelle.core.history import Lead
from passerelle.core.ledger import Contribution, RuleWorth
from passerelle.core.rules import CountingRule, FieldRule, InactivityRule, Rule
from passerelle.core.scorer import Score, record_of
from passerelle.words import Language, say

NameRule = Callable[[Rule, Language], str]
"""How a rule is called in a language."""

_LATE_TOLD = 5


def title_or_key(rule: Rule, language: Language) -> str:  # noqa: ARG001  # other namers need it
    """The rule's title, or its key when it has none."""
    return rule.title or rule.key


def why(
    agreement: Agreement, lead: Lead, score: Score, language: Language, *, name_rule: NameRule
) -> Iterator[str]:
    """A sentence for each rule that matches, those that weigh most in the total first."""
    brought = {(one.kind, one.of): one.points for one in attributed(agreement, score)}
    worths = [worth for worth in score.levels.worths if worth.contributions]
    matched = sorted(
        worths, key=lambda w: (-abs(brought.get(("rule", w.rule), Decimal(0))), -abs(w.points))
    )
    for worth in matched:
        rule = agreement.rule(worth.rule)
        name = name_rule(rule, language)
        what = ", ".join([name, *_details(agreement, rule, worth, score, language)])
        if isinstance(rule, FieldRule):
            value = _field(agreement, lead, score, rule.field, language)
            what = say("explain.why.field", language, rule=name, value=value)
        sentence = _given(agreement, rule, worth, what, language)
        total = brought.get(("rule", rule.key), Decimal(0))
        if total != worth.points:
            points = signed(total, language)
            sentence = say("explain.why.brings", language, sentence=sentence, points=points)
        yield sentence
    for entry in score.levels.entries:
        if entry.kind == "unscored":
            points = signed(entry.points, language)
            yield say("explain.why.unscored", language, level=entry.level, points=points)


def lines(score: Score, language: Language) -> Iterator[str]:
    """What limits and ranges took or gave, beyond the rules' own."""
    for entry in score.levels.entries:
        points = signed(entry.points, language)
        if entry.kind == "group_line":
            yield say(
                "explain.lines.group", language, of=entry.of, points=points, level=entry.level
            )
        elif entry.kind == "dimension_line":
            yield say("explain.lines.dimension", language, level=entry.level, points=points)
        elif entry.kind == "total_line":
            yield say("explain.lines.total", language, points=points)


def overrides(agreement: Agreement, score: Score, language: Language) -> Iterator[str]:
    """What overrides changed."""
    for entry in score.levels.entries:
        level = level_name(entry.level, language)
        points = signed(entry.points, language)
        if entry.kind == "override":
            yield say(
                "explain.overrides.forced",
                language,
                of=titled(agreement, entry.of),
                level=level,
                points=points,
            )
        elif entry.kind == "set":
            yield say(
                "explain.overrides.set",
                language,
                of=titled(agreement, entry.of),
                level=level,
                points=number(entry.points, language),
            )


def late(
    agreement: Agreement, score: Score, language: Language, *, name_rule: NameRule
) -> Iterator[str]:
    """The events that count and arrived after the local day on which they happened."""
    found: dict[int, str] = {}
    for worth in score.levels.worths:
        rule = name_rule(agreement.rule(worth.rule), language)
        for seen in (c.seen for c in worth.contributions if c.seen is not None):
            received = seen.event.received_at or seen.occurred_at
            days = (agreement.day(received) - seen.day).days
            if days > 0 and id(seen.event) not in found:
                on, count = day(seen.day, language), number(Decimal(days), language)
                found[id(seen.event)] = say(
                    "explain.late.arrived", language, n=days, rule=rule, date=on, count=count
                )
    yield from list(found.values())[:_LATE_TOLD]
    if (more := len(found) - _LATE_TOLD) > 0:
        yield say("explain.late.more", language, n=more, count=number(Decimal(more), language))


def _details(
    agreement: Agreement, rule: Rule, worth: RuleWorth, score: Score, language: Language
) -> Iterator[str]:
    seen = [c.seen for c in worth.contributions if c.seen is not None]
    if not seen:
        return
    if isinstance(rule, InactivityRule):
        yield say("explain.why.since", language, date=day(seen[-1].day, language))
        return
    if isinstance(rule, CountingRule) and rule.counts is None:
        count = number(Decimal(len(seen)), language)
        yield say("explain.why.times", language, n=len(seen), count=count)
    days = (agreement.day(score.levels.as_of) - seen[-1].day).days
    yield say("explain.why.last", language, ago=ago(days, language))


def _given(
    agreement: Agreement, rule: Rule, worth: RuleWorth, what: str, language: Language
) -> str:
    level = level_name(agreement.dimension_of(rule), language)
    points, n = signed(worth.points, language), worth.points
    notes = list(_notes(worth.contributions, worth.points, language))
    if not notes:
        return say("explain.why.given", language, n=n, what=what, points=points, level=level)
    told = ", ".join(notes)
    return say(
        "explain.why.given_of", language, n=n, what=what, points=points, level=level, notes=told
    )


def _notes(
    contributions: Sequence[Contribution], points: Decimal, language: Language
) -> Iterator[str]:
    granted = sum((c.granted for c in contributions), Decimal(0))
    left = sum((c.left for c in contributions), Decimal(0))
    if granted != points:
        yield say("explain.why.granted", language, points=number(granted, language))
    if faded := left - granted:
        key = "explain.why.faded" if faded < 0 else "explain.why.faded_back"
        yield say(key, language, n=faded, points=number(abs(faded), language))
    if took := points - left:
        key = "explain.why.capped" if took < 0 else "explain.why.raised"
        yield say(key, language, points=number(abs(took), language))


def _field(agreement: Agreement, lead: Lead, score: Score, field: str, language: Language) -> str:
    fields = record_of(agreement, lead).at(score.levels.as_of).fields
    return value_in_words(fields.get(field), language)
