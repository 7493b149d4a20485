"""Exact replay: every instant at which a lead's score or stage changed, and to what.

Between two midnights only events move a score, and time acts at midnight alone. What an event
grants is settled when it happens, so most of the future is known then: a lead's life is cut where
something changes, and looked at inside only while points fade day by day. Leads whose past is
rewritten or whose score stands still by force are looked at instant by instant instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.duties import LOST, RETURNED
from passerelle.core.history import FIELD_CHANGED
from passerelle.core.parts import ANY, are_any
from passerelle.core.rules import FieldRule
from passerelle.core.stages import DISQUALIFIED, LEAD, TOTAL
from passerelle.core.standing import ladder
from passerelle.relations.calendar import day_number
from passerelle.relations.fields import tested_fields
from passerelle.relations.levels import with_lines
from passerelle.relations.log import log
from passerelle.relations.moments import Moment, instant, moment_at
from passerelle.relations.replay_fading import fading_worths, is_in_reach, reach
from passerelle.relations.replay_pairs import looks_by_pairs, with_memory
from passerelle.relations.replay_stretches import looks_in, stretches
from passerelle.relations.standing import decided, hysteretic, stage_tests
from passerelle.relations.tables import Inputs
from passerelle.relations.triggers import freezes, settings

NOISE = 1e-9
"""Levels closer than this are the same."""

WORDS = ("grade", "stage", "fast_track", "disqualified", "recycled")


def replay(
    agreement: Agreement,
    inputs: Inputs,
    *,
    since: datetime,
    until: datetime,
    known_at: datetime | None = None,
) -> ir.Table:
    """Rows `(lead, as_of, level__…, grade, stage, fast_track, disqualified, recycled)`.

    The first row of a lead is how it stood at `since`; each later one is a change, up to `until`,
    both included.
    """
    moment = moment_at(agreement, as_of=until, known_at=known_at)
    apart = leads_apart(agreement, inputs, moment, since=since)
    return ibis.union(
        replay_by_stretches(
            agreement,
            replace(inputs, leads=inputs.leads.anti_join(apart, "lead")),
            moment,
            since=since,
        ),
        replay_by_pairs(
            agreement,
            inputs.only(apart),
            moment,
            since=since,
        ),
    )


def leads_apart(
    agreement: Agreement, inputs: Inputs, moment: Moment, *, since: datetime
) -> ir.Table:
    """Rows `(lead)`: those to be looked at instant by instant.

    Their fields changed, or they were given back, frozen or set, or something happened to them
    too far from `since` for sums of points with so short a half-life.
    """
    overrides = (*freezes(agreement.overrides), *settings(agreement.overrides))
    names = {RETURNED, LOST, *(name for o in overrides for name in o.event or ())}
    fields = tested_fields(agreement)
    base = day_number(agreement.day(since))
    days = reach(agreement)
    near = days is None or is_in_reach(agreement, base=base, until=moment.today)
    asked = names if near and not are_any(names) else {ANY}
    rows = log(agreement, inputs.events, moment, asked)
    tests = [rows.event.isin(sorted(names))]
    if are_any(names):
        tests.append(ibis.literal(True))
    if not near:
        assert days is not None
        tests.append((rows.day < base - days) | (rows.day > base + days))
    found = rows.filter(ibis.or_(*tests)).select("lead")
    if fields:
        rows = log(agreement, inputs.special_events, moment, (FIELD_CHANGED,), {"field"})
        found = found.union(rows.filter(rows.field.isin(fields)).select("lead"))
    return found.distinct()


def replay_by_stretches(
    agreement: Agreement, inputs: Inputs, moment: Moment, *, since: datetime
) -> ir.Table:
    """The replay of leads whose life can be cut where something changes."""
    rows = stretches(agreement, inputs, moment, since=since)
    rows = looks_in(agreement, moment, rows)
    base = day_number(agreement.day(since))
    rows = rows.mutate(**fading_worths(agreement, rows, base=base))
    seen = Moment(moment.until, moment.today, rows, moment.known_at)
    rows = with_lines(agreement, rows)
    rows = rows.mutate(**stage_tests(agreement, rows))
    if hysteretic(agreement):
        rows = with_memory(agreement, rows)
    rows = decided(agreement, rows, seen)
    if hysteretic(agreement):
        rows = rows.filter(rows.as_of >= instant(since))
    rows = rows.mutate(standing=_standing(agreement, rows))
    words = ["standing", *(["grade"] if agreement.grades else [])]
    changes = _changes(agreement, rows, _moving(agreement), words)
    return _as_told(agreement, changes.mutate(**_in_words(agreement, changes)))


def replay_by_pairs(
    agreement: Agreement, inputs: Inputs, moment: Moment, *, since: datetime
) -> ir.Table:
    """The replay of any leads, each event and each midnight looked at with all that was before."""
    rows = looks_by_pairs(agreement, inputs, moment, since=since)
    rows = rows.filter(rows.as_of >= instant(since))
    changes = _changes(agreement, rows, [*agreement.dimensions, TOTAL], WORDS)
    return _as_told(agreement, changes)


def _as_told(agreement: Agreement, rows: ir.Table) -> ir.Table:
    levels = [f"level__{key}" for key in (*agreement.dimensions, TOTAL)]
    return rows.select("lead", "as_of", *levels, *WORDS)


def _changes(
    agreement: Agreement, rows: ir.Table, levels: Sequence[str], words: Sequence[str]
) -> ir.Table:
    """The first look at each lead, and those at which something is other than at the one before.

    Only those levels and words are compared, and only those words kept; nothing else changes
    without one of them.
    """
    kept = [f"level__{key}" for key in (*agreement.dimensions, TOTAL)]
    rows = rows.select("lead", "as_of", *kept, *words)
    order = ibis.window(group_by=rows.lead, order_by=rows.as_of)
    compared = [*(f"level__{key}" for key in levels), *words]
    rows = rows.mutate(**{f"{name}_before": rows[name].lag().over(order) for name in compared})
    first = rows[f"{words[0]}_before"].isnull()
    moved = [(rows[n] - rows[f"{n}_before"]).abs() > NOISE for n in compared[: len(levels)]]
    moved += [~rows[n].identical_to(rows[f"{n}_before"]) for n in words]
    return rows.filter(ibis.or_(first, *moved))


def _moving(agreement: Agreement) -> list[str]:
    """The levels that may move; without overrides the total only follows the others."""
    if agreement.overrides:
        return [*agreement.dimensions, TOTAL]
    return [
        key
        for key in agreement.dimensions
        if any(not isinstance(rule, FieldRule) for rule in agreement.rules_in(key))
    ]


def _standing(agreement: Agreement, rows: ir.Table) -> ir.IntegerValue:
    """The stage and what put the lead there as one number, cheaper to carry than words."""
    number = ibis.literal(0, "int64")
    for name, words in _vocabulary(agreement).items():
        branches = [(rows[name] == word, place) for place, word in enumerate(words, start=1)]
        number = number * (len(words) + 1) + ibis.cases(*branches, else_=0)
    return number


def _in_words(agreement: Agreement, rows: ir.Table) -> dict[str, ir.Value]:
    """The words behind the number of a standing."""
    columns: dict[str, ir.Value] = {name: ibis.null("string") for name in WORDS}
    if not agreement.grades:
        columns["grade"] = ibis.literal("")
    else:
        columns.pop("grade")
    number: ir.IntegerValue = rows.standing
    for name, words in reversed(_vocabulary(agreement).items()):
        place, number = number % (len(words) + 1), (number / (len(words) + 1)).floor()
        columns[name] = ibis.cases(*((place == n, word) for n, word in enumerate(words, start=1)))
    return columns


def _vocabulary(agreement: Agreement) -> dict[str, list[str]]:
    """What the standing of a lead that was never given back can say."""
    said = {
        "stage": [*ladder(agreement), LEAD, DISQUALIFIED],
        "fast_track": [track.key for track in agreement.fast_tracks],
        "disqualified": [one.key for one in agreement.disqualify],
    }
    return {name: words for name, words in said.items() if words}
