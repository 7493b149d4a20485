"""What makes a score, in sentences: fields, content, visits, dimensions, total and grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from passerelle.core.agreement import (
    Agreement,
    Content,
    Dimension,
    FieldDeclaration,
    Group,
    Total,
    VisitDefinition,
)
from passerelle.core.sentences_names import field, kind, level, nouns, phase
from passerelle.core.sentences_tests import quoted, where_clauses
from passerelle.core.spoken import capital, every, number, plain_points, span
from passerelle.words import Language, say


def field_sentence(name: str, declared: FieldDeclaration, language: Language) -> str:
    """What a declared field holds."""
    what = capital(field(name, language))
    if declared.one_of is not None:
        choices = quoted(declared.one_of, language)
        return say("sentences.field.one_of", language, what=what, name=name, choices=choices)
    type_ = say(f"events.type.{declared.type}", language)
    return say("sentences.field.typed", language, what=what, name=name, type=type_)


def content_sentence(content: Content, language: Language) -> str:
    """Which events touch a piece of content, and what it is."""
    asked = every(where_clauses(content.where, language), language)
    given = [kind(content.kind, language)] if content.kind else []
    if content.phase:
        said = phase(content.phase, language)
        given.append(say("sentences.test.phase", language, phases=said))
    what = ", ".join(given) or say("sentences.content.nothing", language)
    return say("sentences.content.line", language, asked=capital(asked), what=what)


def visits_sentence(visits: VisitDefinition, language: Language) -> str:
    """What a visit is."""
    events = nouns(visits.events, language)
    return say("sentences.visits", language, events=events, span=span(visits.gap, language))


def dimension_sentences(key: str, dimension: Dimension, language: Language) -> Iterator[str]:
    """The range of a dimension, and what a lead without any rule has."""
    low, high = (number(end, language) for end in dimension.range)
    what = capital(level(key, language))
    yield say("sentences.dimension.range", language, what=what, low=low, high=high)
    if dimension.unscored:
        unscored = plain_points(dimension.unscored, language)
        yield say("sentences.dimension.unscored", language, what=what, points=unscored)


def group_sentence(key: str, group: Group, language: Language) -> str:
    """What rules of a group give together."""
    lines = []
    if group.max is not None:
        lines.append(say("sentences.worth.max", language, number=number(group.max, language)))
    if group.min is not None:
        lines.append(say("sentences.worth.min", language, number=number(group.min, language)))
    where = level(group.dimension, language)
    lines = lines or [say("sentences.group.unbounded", language)]
    said = ", ".join(lines)
    return say("sentences.group.line", language, group=key, where=where, lines=said)


def total_sentence(total: Total, dimensions: Mapping[str, Dimension], language: Language) -> str:
    """How dimensions make the total."""
    low, high = (number(end, language) for end in total.range)
    if total.weighted is None:
        parts = every([level(key, language) for key in total.dimensions], language)
        return say("sentences.total.sum", language, low=low, high=high, parts=parts)
    shares = []
    for key in total.weighted:
        weight = (dimensions[key].weight or Decimal(0)) * 100
        share = number(weight, language)
        what = level(key, language)
        shares.append(say("sentences.total.share", language, percent=share, what=what))
    parts = every(shares, language)
    return say("sentences.total.weighted", language, low=low, high=high, parts=parts)


def grade_sentence(key: str, ladder: Mapping[str, Decimal], language: Language) -> str:
    """From which level on each grade is given."""
    *letters, last = ladder
    steps = [
        say("sentences.grade.step", language, letter=x, line=number(ladder[x], language))
        for x in letters
    ]
    steps.append(say("sentences.grade.otherwise", language, letter=last))
    what = level(key, language)
    return say("sentences.grade.line", language, what=what, steps=", ".join(steps))


def level_sentences(agreement: Agreement, language: Language) -> Iterator[str]:
    """All that is said of dimensions, groups, total and grades."""
    for key, dimension in agreement.dimensions.items():
        yield from dimension_sentences(key, dimension, language)
    for key, group in agreement.groups.items():
        yield group_sentence(key, group, language)
    yield total_sentence(agreement.total, agreement.dimensions, language)
    for key, ladder in agreement.grades.items():
        yield grade_sentence(key, ladder, language)
