"""What each reason really brings to the total, once every line has taken its share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from passerelle.core.agreement import Agreement
from passerelle.core.scorer import Score
from passerelle.core.stages import TOTAL
from passerelle.core.worth import FINEST

ReasonKind = Literal["rule", "override", "set", "unscored", "line"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Points of the total that are there because of `of`: a rule, an override, a default, a line.

    `of` is the key of the rule or of the override; for `unscored` and `line` that of the
    dimension, of the group, or `total`.
    """

    kind: ReasonKind
    of: str
    points: Decimal


_Source = tuple[ReasonKind, str]
_Shares = dict[_Source, Decimal]


def reasons(agreement: Agreement, score: Score, *, most: int = 3) -> tuple[Reason, ...]:
    """The reasons that weigh most in the total, good and bad, the heaviest first."""
    return tuple(one for one in attributed(agreement, score) if one.points)[:most]


def attributed(agreement: Agreement, score: Score) -> tuple[Reason, ...]:
    """Every reason with its part of the total, the heaviest first; together they are the total.

    What an upper line takes is borne by the good points below it, in proportion; what a lower
    line gives back relieves the bad ones in proportion. Beyond that (a floor under nothing) the
    line is a reason of its own. Overrides keep what they changed. A dimension that the total
    does not count brings nothing.
    """
    whole: _Shares = {}
    for dimension in agreement.total.dimensions:
        weight = agreement.weight_of(dimension)
        for source, points in _in_dimension(agreement, score, dimension).items():
            whole[source] = whole.get(source, Decimal(0)) + weight * points
    for entry in score.levels.entries:
        if entry.level == TOTAL and entry.kind == "total_line":
            _share(whole, list(whole), entry.points, ("line", TOTAL))
        elif entry.level == TOTAL and entry.kind == "override":
            _add(whole, ("override", entry.of), entry.points)
    found = (Reason(kind, of, points) for (kind, of), points in whole.items())
    return tuple(sorted(found, key=lambda one: (-abs(one.points), -one.points, one.of)))


def _in_dimension(agreement: Agreement, score: Score, dimension: str) -> _Shares:
    """The parts of one dimension; together they are its level."""
    rules = {rule.key: rule for rule in agreement.rules_in(dimension)}
    shares: _Shares = {
        ("rule", worth.rule): worth.points for worth in score.levels.worths if worth.rule in rules
    }
    for entry in score.levels.entries:
        if entry.level != dimension:
            continue
        match entry.kind:
            case "set" | "unscored" | "override":
                _add(shares, (entry.kind, entry.of), entry.points)
            case "group_line":
                held = [("rule", key) for key, rule in rules.items() if rule.group == entry.of]
                _share(shares, _known(shares, held), entry.points, ("line", entry.of))
            case "dimension_line":
                _share(shares, list(shares), entry.points, ("line", dimension))
            case _:
                pass  # within the rule's own worth already, or of the total
    return shares


def _known(shares: _Shares, held: Iterable[tuple[str, str]]) -> list[_Source]:
    wanted = set(held)
    return [source for source in shares if source in wanted]


def _add(shares: _Shares, source: _Source, points: Decimal) -> None:
    shares[source] = shares.get(source, Decimal(0)) + points


def _share(shares: _Shares, among: list[_Source], points: Decimal, line: _Source) -> None:
    """Let a line's points be borne in proportion by what it held back or held up."""
    borne_by: Callable[[Decimal], bool] = (
        (lambda part: part > 0) if points < 0 else (lambda part: part < 0)
    )
    bearers = [source for source in among if borne_by(shares[source])]
    carried = sum((shares[source] for source in bearers), Decimal(0))
    whole = min(abs(points), abs(carried)).copy_sign(points)
    rest = whole
    for source in bearers[:-1]:
        part = (whole * shares[source] / carried).quantize(FINEST)
        shares[source] += part
        rest -= part
    if bearers:
        shares[bearers[-1]] += rest
    if points != whole:
        _add(shares, line, points - whole)
