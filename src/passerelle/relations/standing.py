"""Where leads stand, in columns: disqualified, nurtured, or the highest stage that holds."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement
from passerelle.core.stages import (
    DISQUALIFIED,
    HANDOFF,
    LEAD,
    NURTURING,
    SALES_QUALIFIED,
    FastTrack,
    When,
)
from passerelle.core.standing import ladder, staying
from passerelle.relations.conditions import holds, level_in_range
from passerelle.relations.fields import looks
from passerelle.relations.instants import asks_at, instants
from passerelle.relations.levels import joined, levels
from passerelle.relations.log import chosen, log
from passerelle.relations.moments import Moment, instant
from passerelle.relations.returns import is_rearmed, returns
from passerelle.relations.qualification import bant_evidence, qualified
from passerelle.relations.tables import Inputs
from passerelle.relations.triggers import is_triggered, trigger_columns

Columns = dict[str, ir.Value]


def scores(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """One row a look: levels and their parts, then `stage` and what put the lead there."""
    rows = evidence_of_standing(agreement, inputs, moment)
    if hysteretic(agreement):
        rows = joined(rows, _last_decided(agreement, inputs, moment, rows), moment)
    rows = rows.mutate(**_holding(agreement, rows))
    return _decided(agreement, rows, moment)


def hysteretic(agreement: Agreement) -> list[str]:
    """The stages a lead stays in below the line by which it entered."""
    return [key for key, stage in agreement.stages.items() if stage.falls_below]


def evidence_of_standing(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """Levels with what standing depends on besides, and `enters__STAGE`, `stays__STAGE`."""
    scored = levels(agreement, inputs, moment)
    own = [name for name in scored.columns if "__" in name or name == "grade"]
    own = [name for name in own if not name.startswith(("pulled__", "matched__", "since__"))]
    if "as_of" in scored.columns:
        # A frozen score is seen from the past; fields and triggers are not.
        keys = ["lead"] if moment.asks is None else ["lead", "as_of"]
        rows = joined(looks(agreement, inputs, moment), scored.select(*keys, *own), moment)
    else:
        rows = scored.select("lead", "today", *agreement.known_fields, *own)
    rows = joined(rows, _happened(agreement, inputs, moment), moment)
    rows = joined(rows, returns(agreement, inputs, moment), moment)
    if agreement.qualification is not None:
        rows = joined(rows, bant_evidence(agreement, inputs, moment), moment)
        rows = rows.mutate(**qualified(agreement, rows))
    return rows.mutate(**_stage_tests(agreement, rows))


def _happened(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table | None:
    """When triggers were last pulled and what stages and qualification ask for last happened."""
    triggers = [t for t in (*agreement.fast_tracks, *agreement.disqualify) if t.event]
    asked = {k: s.when for k, s in agreement.stages.items() if s.when and s.when.event}
    required = agreement.qualification.sales_qualified.requires if agreement.qualification else ()
    names = {n for t in triggers for n in t.event or ()} | set(required)
    names |= {n for when in asked.values() for n in when.event or ()}
    if not names:
        return None
    rows = moment.look(log(agreement, inputs.events, moment, names))
    columns = trigger_columns(triggers, rows)
    for key, when in asked.items():
        here = chosen(when.event or (), when.where, rows)
        columns[f"happened__{key}"] = ibis.cases((here, rows.occurred_at)).max()
    for name in required:
        columns[f"required__{name}"] = ibis.cases((rows.event == name, rows.occurred_at)).max()
    return rows.group_by(*moment.keys).aggregate(**columns)


def _stage_tests(agreement: Agreement, rows: ir.Table) -> Columns:
    columns: Columns = {}
    for key, stage in agreement.stages.items():
        if stage.when is None:
            columns[f"enters__{key}"] = ibis.literal(True)
        else:
            columns[f"enters__{key}"] = _meets(key, stage.when, rows)
        if stage.falls_below:
            columns[f"stays__{key}"] = _meets(key, staying(stage), rows)
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


def _last_decided(
    agreement: Agreement, inputs: Inputs, moment: Moment, rows: ir.Table
) -> ir.Table:
    """For leads between two lines: when each stage was last entered and last fallen out of."""
    between = ibis.or_(*(_between(key, rows) for key in hysteretic(agreement)))
    leads = rows.filter(between).select("lead").distinct()
    involved = Inputs(
        leads=inputs.leads.semi_join(leads, "lead"),
        events=inputs.events.semi_join(leads, "lead"),
    )
    earlier = asks_at(agreement, moment, instants(agreement, involved, moment))
    past = evidence_of_standing(agreement, involved, earlier)
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


def _holding(agreement: Agreement, rows: ir.Table) -> Columns:
    """`holds__STAGE`: whether the stage's line is held, with the memory of how it was entered."""
    columns: Columns = {}
    for key, stage in agreement.stages.items():
        here = rows[f"enters__{key}"]
        if stage.falls_below:
            entered, fell = rows[f"entered__{key}"], rows[f"fell__{key}"]
            stayed = entered.notnull() & (fell.isnull() | (entered > fell))
            here |= rows[f"stays__{key}"] & stayed.fill_null(False)
        columns[f"holds__{key}"] = here
    return columns


def _decided(agreement: Agreement, rows: ir.Table, moment: Moment) -> ir.Table:
    tracks = {t.key: _is_open(agreement, t, rows, moment) for t in agreement.fast_tracks}
    rows = rows.mutate(**{f"open__{key}": here for key, here in tracks.items()})
    stage = ibis.cases(*reversed(_ladder(agreement, rows)), else_=LEAD)
    resting = rows.back_at.notnull() & ~is_rearmed(agreement, rows)
    for key in tracks:
        resting &= ~rows[f"open__{key}"]
    out = [
        (is_triggered(agreement, one, rows, moment), one.key) for one in agreement.disqualify
    ]
    text = ibis.null("string")
    rows = rows.mutate(
        disqualified=ibis.cases(*out) if out else text,
        resting=resting.fill_null(False),
        climbed=stage,
    )
    rows = rows.mutate(
        stage=ibis.cases(
            (rows.disqualified.notnull(), DISQUALIFIED),
            (rows.resting, NURTURING),
            else_=rows.climbed,
        ),
    )
    recycled = rows.resting & rows.disqualified.isnull()
    return rows.mutate(
        recycled=ibis.cases((recycled, rows.back_reason)),
        **{name: _of_track(agreement, name, rows) for name in ("key", "clock")},
    ).rename(fast_track="key")


def _ladder(agreement: Agreement, rows: ir.Table) -> list[tuple[ir.BooleanValue, str]]:
    steps: list[tuple[ir.BooleanValue, str]] = []
    for key in ladder(agreement):
        ways = [rows[f"open__{t.key}"] for t in agreement.fast_tracks if t.to == key]
        if key in agreement.stages:
            ways.append(rows[f"holds__{key}"])
        elif key == SALES_QUALIFIED:
            ways.append(rows.qualified)
        steps.append((ibis.or_(*ways), key))
    return steps


def _is_open(
    agreement: Agreement, track: FastTrack, rows: ir.Table, moment: Moment
) -> ir.BooleanValue:
    """Whether the track is pulled; after a return, by something that came later."""
    here = is_triggered(agreement, track, rows, moment)
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
