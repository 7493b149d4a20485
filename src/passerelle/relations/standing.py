"""Where leads stand, in columns: disqualified, nurtured, or the highest stage that holds."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.stages import (
    DISQUALIFIED,
    LEAD,
    NURTURING,
    SALES_QUALIFIED,
    FastTrack,
    When,
)
from passerelle.core.standing import ladder
from passerelle.relations.conditions import holds, level_in_range
from passerelle.relations.fields import looks
from passerelle.relations.instants import asks_at, instants
from passerelle.relations.levels import (
    is_seen_from_the_past,
    joined,
    level_evidence,
    level_names,
    seen_from,
    with_levels,
)
from passerelle.relations.measures import (
    Columns,
    Measure,
    last_time,
    measured,
    trigger_measures,
)
from passerelle.relations.moments import Moment
from passerelle.relations.qualification import bant_evidence, qualified
from passerelle.relations.returns import is_rearmed, returns
from passerelle.relations.tables import Inputs
from passerelle.relations.triggers import is_triggered


def scores(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """One row a look: levels and their parts, then `stage` and what put the lead there."""
    rows = standing_evidence(agreement, inputs, moment)
    if hysteretic(agreement):
        rows = joined(rows, [_last_decided(agreement, inputs, moment, rows)], moment)
    return decided(agreement, rows, moment)


def hysteretic(agreement: Agreement) -> list[str]:
    """The stages a lead stays in below the line by which it entered."""
    return [key for key, stage in agreement.stages.items() if stage.falls_below]


def standing_evidence(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """Levels with what standing depends on besides, and `enters__STAGE`, `stays__STAGE`."""
    besides = standing_measures(agreement)
    others = [returns(agreement, inputs, moment)]
    if agreement.qualification is not None:
        others.append(bant_evidence(agreement, inputs, moment))
    if is_seen_from_the_past(agreement):
        # A frozen score is seen from the past; fields and triggers are not.
        past = seen_from(agreement, inputs, moment)
        scored = with_levels(agreement, level_evidence(agreement, inputs, past))
        levels = scored.select(*moment.keys, *level_names(agreement))
        own = measured(agreement, inputs, moment, besides)
        rows = joined(looks(agreement, inputs, moment), [levels, own, *others], moment)
    else:
        evidence = level_evidence(agreement, inputs, moment, besides)
        rows = with_levels(agreement, joined(evidence, others, moment))
    if agreement.qualification is not None:
        rows = rows.mutate(**qualified(agreement, rows))
    return rows.mutate(**stage_tests(agreement, rows))


def standing_measures(agreement: Agreement) -> list[Measure]:
    """When triggers were last pulled, and what stages and qualification ask for last happened."""
    found = trigger_measures(agreement, (*agreement.fast_tracks, *agreement.disqualify))
    for key, stage in agreement.stages.items():
        if stage.when and stage.when.event:
            found.append(
                last_time(agreement, f"happened__{key}", stage.when.event, stage.when.where)
            )
    if agreement.qualification is not None:
        for name in agreement.qualification.sales_qualified.requires:
            found.append(last_time(agreement, f"required__{name}", (name,)))
    return found


def stage_tests(agreement: Agreement, rows: ir.Table) -> Columns:
    """By stage `enters__STAGE`, and `stays__STAGE` where it falls by a lower line."""
    columns: Columns = {}
    for key, stage in agreement.stages.items():
        if stage.when is None:
            columns[f"enters__{key}"] = ibis.literal(True)
        else:
            columns[f"enters__{key}"] = _meets(key, stage.when, rows)
        if stage.falls_below:
            columns[f"stays__{key}"] = _meets(key, stage.stays, rows)
    return columns


def _meets(key: str, when: When, rows: ir.Table) -> ir.BooleanValue:
    tests = [
        level_in_range(line, rows.bant_points if level == "bant" else rows[f"level__{level}"])
        for level, line in when.levels.items()
    ]
    tests += [holds(test, rows[field]) for field, test in when.fields.items()]
    if when.grade is not None:
        tests.append(rows.grade.isin(when.grade))
    if when.event is not None:
        tests.append(rows[f"happened__{key}"].notnull())
    if when.qualified is not None:
        tests.append(rows.qualified if when.qualified else ~rows.qualified)
    return ibis.and_(*tests) if tests else ibis.literal(True)


def _last_decided(agreement: Agreement, inputs: Inputs, moment: Moment, rows: ir.Table) -> ir.Table:
    """For leads between two lines: when each stage was last entered and last fallen out of."""
    between = ibis.or_(*(_between(key, rows) for key in hysteretic(agreement)))
    leads = rows.filter(between).select("lead").distinct()
    involved = inputs.only(leads)
    earlier = asks_at(agreement, moment, instants(agreement, involved, moment))
    past = standing_evidence(agreement, involved, earlier)
    flags = {
        f"{verb}__{key}": past[f"{verb}__{key}"]
        for key in hysteretic(agreement)
        for verb in ("enters", "stays")
    }
    past = past.select("lead", then=past.as_of, **flags)
    if moment.asks is not None:
        past = past.join(moment.asks.select("lead", "as_of"), "lead")
        past = past.filter(past.then <= past.as_of)
    columns: Columns = {}
    for key in hysteretic(agreement):
        columns[f"entered__{key}"] = ibis.cases((past[f"enters__{key}"], past.then)).max()
        columns[f"fell__{key}"] = ibis.cases((~past[f"stays__{key}"], past.then)).max()
    return past.group_by(*moment.keys).aggregate(**columns)


def _between(key: str, rows: ir.Table) -> ir.BooleanValue:
    return rows[f"stays__{key}"] & ~rows[f"enters__{key}"]


def _holding(agreement: Agreement, key: str, rows: ir.Table) -> ir.BooleanValue:
    """Whether a stage's line is held, with the memory of how it was entered."""
    here = rows[f"enters__{key}"]
    if not agreement.stages[key].falls_below:
        return here
    entered, fell = rows[f"entered__{key}"], rows[f"fell__{key}"]
    stayed = entered.notnull() & (fell.isnull() | (entered > fell))
    return here | (rows[f"stays__{key}"] & stayed.fill_null(False))


def decided(agreement: Agreement, rows: ir.Table, moment: Moment) -> ir.Table:
    """The stage of each look and what put the lead there, from all the evidence."""
    tracks = {t.key: _is_open(t, rows) for t in agreement.fast_tracks}
    resting = rows.back_at.notnull() & ~is_rearmed(agreement, rows)
    for here in tracks.values():
        resting &= ~here
    resting = resting.fill_null(False)
    out = [(is_triggered(one, rows), one.key) for one in agreement.disqualify]
    disqualified = ibis.cases(*out) if out else ibis.null("string")
    stage = ibis.cases(
        (disqualified.notnull(), DISQUALIFIED),
        (resting, NURTURING),
        *reversed(_steps(agreement, rows, tracks)),
        else_=LEAD,
    )
    rows = rows.mutate(
        disqualified=disqualified,
        recycled=ibis.cases((resting & disqualified.isnull(), rows.back_reason)),
        stage=stage,
        **{f"open__{key}": here for key, here in tracks.items()},
    )
    public = [n for n in rows.columns if n.startswith(PUBLIC) and not n.startswith("back_")]
    told = {name: _of_track(agreement, what, rows) for name, what in TOLD.items()}
    return rows.select(*moment.keys, *public, **told)


PUBLIC = (
    "granted__",
    "left__",
    "held__",
    "group__",
    "sum__",
    "level__",
    "grade",
    "bant_points",
    "qualified",
    "enters__",
    "stays__",
    "entered__",
    "fell__",
    "disqualified",
    "recycled",
    "stage",
)
TOLD = {"fast_track": "key", "clock": "clock"}


def _steps(
    agreement: Agreement, rows: ir.Table, tracks: Mapping[str, ir.BooleanValue]
) -> list[tuple[ir.BooleanValue, str]]:
    """The stages of the ladder, lowest first, each with what it takes to stand there."""
    steps: list[tuple[ir.BooleanValue, str]] = []
    for key in ladder(agreement):
        ways = [tracks[track.key] for track in agreement.fast_tracks if track.to == key]
        if key in agreement.stages:
            ways.append(_holding(agreement, key, rows))
        elif key == SALES_QUALIFIED:
            ways.append(rows.qualified)
        steps.append((ibis.or_(*ways), key))
    return steps


def _is_open(track: FastTrack, rows: ir.Table) -> ir.BooleanValue:
    """Whether the track is pulled; after a return, by something that came later."""
    here = is_triggered(track, rows)
    if track.field is not None:
        return here & rows.back_at.isnull()
    later = rows[f"pulled__{track.key}"] > rows.back_at
    return here & (rows.back_at.isnull() | later.fill_null(False))


def _of_track(agreement: Agreement, what: str, rows: ir.Table) -> ir.StringValue:
    """The key or the clock of the first open track that leads to the stage."""
    branches = [
        (
            rows[f"open__{track.key}"] & (rows.stage == track.to),
            ibis.literal(getattr(track, what), "string"),
        )
        for track in agreement.fast_tracks
    ]
    return ibis.cases(*branches) if branches else ibis.null("string")
