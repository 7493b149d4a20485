"""One slip for every kind of fault: what the reference shows and what the tests provoke.

`not_understood` has none: it is the net under every answer of the validator that has no code yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SOUND = """\
passerelle: 1
key: acme
language: en
timezone: Europe/Paris
fields:
  job_title: text
  employees: number
  newsletter: boolean
  industry: {one_of: [software, retail, bank]}
content:
  - {path: /pricing*, kind: pricing, phase: decision}
  - {path: /blog/*, kind: article, phase: awareness}
dimensions:
  fit: {range: [0, 100], weight: 0.4}
  engagement: {range: [0, 100], weight: 0.6}
groups:
  email: {dimension: engagement, max: 20}
rules:
  - {key: role, dimension: fit, field: job_title, matches: [ceo, head of *], points: 30}
  - {key: size, dimension: fit, field: employees, bands: {"<10": -20, "50..499": 25}}
  - {key: sector, dimension: fit, field: industry, values: {software: 20}, otherwise: -5}
  - {key: prices, dimension: engagement, event: page, where: {kind: pricing}, points: 15,
    half_life: 30d}
  - {key: opened, group: email, event: email_opened, points: 1, limit: {points: 5, per: week}}
  - {key: often, dimension: engagement, event: download, counts: {"1..2": 5, ">=3": 15},
    window: 60d}
  - {key: back, dimension: engagement, visit: {after: 7d, within: 30d}, points: 5}
  - {key: broad, dimension: engagement, distinct: {of: visit, at_least: 3}, points: 15, window: 60d}
total: {weighted: [fit, engagement], range: [0, 100]}
grades: {fit: {A: 75, B: 0}, engagement: {"1": 50, "2": 0}}
stages:
  mql: {when: {total: ">=50"}, falls_below: 40}
  hot: {when: {total: ">80"}}
  ready: {when: {grade: [A1], qualified: true}}
fast_tracks:
  - {key: hand, event: demo_requested, to: handoff, clock: hot}
disqualify:
  - {key: rival, field: email, domain_in: [rival.example]}
overrides:
  - {key: kept, event: trial_requested, floor: {total: 50}}
qualification:
  sql: {requires: [accepted, contacted], bant: ">80"}
handoff:
  calendar: {weekly: {mon-fri: ["09:00-18:00"]}}
  clocks:
    hot: {accept: 30m, contact: 1h}
    warm: {accept: 4h, contact: 1d}
  return_reasons: [no_budget, bad_timing]
recycle:
  after: {bad_timing: 90d, lost: 180d}
  rearm: {new_points: 10}
signatures:
  - {team: sales, name: Ada, on: 2026-01-31}
"""
"""A sound agreement with a bit of everything, into which one slip at a time is made."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody wrote instead of a piece of SOUND; `path` is where the fault is found."""

    instead_of: str
    wrote: str
    path: str = "—"

    @property
    def text(self) -> str:
        """The whole agreement with the slip in it."""
        return SOUND.replace(self.instead_of, self.wrote, 1)


SLIPS: Mapping[str, Slip] = {
    "too_long": Slip("key: acme\n", f"key: acme  # {'x' * 1_000_000}\n"),
    "too_deep": Slip("key: acme", f"key: {'[' * 40}"),
    "control_character": Slip("acme", "ac\x07me"),
    "alias": Slip("[ceo, head of *]", "[*intern*]"),
    "tag": Slip("[ceo, head of *]", "[!intern ceo]"),
    "sign_in_front": Slip("  job_title: text", "\tjob_title: text"),
    "colon_in_text": Slip("key: acme", "key: acme: scores"),
    "quote_left_open": Slip("name: Ada", 'name: "Ada'),
    "bracket_left_open": Slip("[ceo, head of *]", "[ceo, head of *"),
    "badly_indented": Slip("  hot: {when", " hot: {when"),
    "two_documents": Slip("total: {", "---\ntotal: {"),
    "not_yaml": Slip("passerelle: 1", "%YAML 3.0\n---\npasserelle: 1"),
    "not_a_document": Slip(SOUND, "- fit\n- engagement\n"),
    "key_is_no_name": Slip(
        "  job_title: text", "  ? [role]\n  : text\n  job_title: text", "fields"
    ),
    "duplicate_key": Slip("key: acme", "key: acme\nkey: acme_france", "key"),
    "missing_key": Slip("{key: role, ", "{", "rules[0].key"),
    "misspelt_key": Slip("half_life", "halflife", "rules[3].halflife"),
    "unknown_key": Slip("key: acme", "key: acme\nxyz: 1", "xyz"),
    "not_a_text": Slip("key: acme", "key: acme\ntitle: 2024", "title"),
    "empty": Slip("[ceo, head of *]", "[]", "rules[0].matches"),
    "too_many": Slip("fit: {range: [0, 100]", "fit: {range: [0, 50, 100]", "dimensions.fit.range"),
    "not_a_key": Slip("key: acme", "key: Acme France", "key"),
    "not_one_of": Slip("phase: decision", "phase: desire", "content[0].phase"),
    "not_a_truth": Slip("qualified: true", "qualified: perhaps", "stages.ready.when.qualified"),
    "not_a_number": Slip("points: 15,", "points: 15 pts,", "rules[3].points"),
    "number_too_fine": Slip("points: 15,", "points: 0.33333333,", "rules[3].points"),
    "not_above": Slip("{points: 5, per: week}", "{points: 0, per: week}", "rules[4].limit.points"),
    "too_low": Slip("new_points: 10", "new_points: -1", "recycle.rearm.new_points"),
    "too_high": Slip("weight: 0.4", "weight: 40", "dimensions.fit.weight"),
    "not_a_date": Slip("2026-01-31", "31/01/2026", "signatures[0].on"),
    "not_a_table": Slip("{kind: pricing}", "pricing", "rules[3].where"),
    "not_a_list": Slip(
        "return_reasons: [no_budget, bad_timing]",
        "return_reasons: no_budget",
        "handoff.return_reasons",
    ),
    "not_a_span": Slip("after: 7d", "after: a week", "rules[6].visit.after"),
    "span_too_long": Slip("window: 60d", "window: 500y", "rules[5].window"),
    "not_days": Slip("half_life: 30d", "half_life: 36h", "rules[3].half_life"),
    "not_a_range": Slip('">=50"', '"50+"', "stages.mql.when.total"),
    "empty_range": Slip('"50..499"', '"499..50"', "rules[1].bands.499..50"),
    "not_a_test": Slip("{kind: pricing}", "{kind: {like: pricing}}", "rules[3].where.kind"),
    "not_texts": Slip("{kind: pricing}", "{kind: [pricing, ~]}", "rules[3].where.kind"),
    "not_hours": Slip("09:00-18:00", "9h-18h", "handoff.calendar.weekly.mon-fri[0]"),
    "not_weekdays": Slip("mon-fri", "lun-ven", "handoff.calendar.weekly"),
    "unknown_zone": Slip("Europe/Paris", "Paris", "timezone"),
    "rule_kind": Slip("event: page, where", "where", "rules[3]"),
    "one_question": Slip("matches: [ceo, head of *], points", "points", "rules[0]"),
    "points_missing": Slip("[ceo, head of *], points: 30", "[ceo, head of *]", "rules[0]"),
    "otherwise_alone": Slip("values: {software: 20}", "one_of: [software], points: 20", "rules[2]"),
    "points_or_counts": Slip("points: 15,", 'points: 15, counts: {">=3": 15},', "rules[3]"),
    "counts_do_not_fade": Slip("window: 60d", "half_life: 60d", "rules[5]"),
    "several_decays": Slip("half_life: 30d", "half_life: 30d, expires: 90d", "rules[3]"),
    "limit_measure": Slip(
        "{points: 5, per: week}", "{points: 5, times: 2, per: week}", "rules[4].limit"
    ),
    "never_valid": Slip(
        "half_life: 30d", "valid: {from: 2026-02-01, until: 2026-01-01}", "rules[3].valid"
    ),
    "overlapping_bands": Slip('"50..499"', '"5..499"', "rules[1].bands"),
    "min_above_max": Slip("half_life: 30d", "min: 10, max: 5", "rules[3]"),
    "never_returns": Slip("{after: 7d, within: 30d}", "{after: 30d, within: 7d}", "rules[6].visit"),
    "visit_question": Slip("within: 30d", "lasts: 5m", "rules[6].visit"),
    "at_least_or_counts": Slip("{of: visit, at_least: 3}", "{of: visit}", "rules[7].distinct"),
    "total_way": Slip("{weighted: [fit, engagement], ", "{", "total"),
    "falls_from_nowhere": Slip("falls_below: 40", "falls_below: 60", "stages.mql"),
    "field_or_event": Slip("event: demo_requested, to", "to", "fast_tracks[0]"),
    "field_has_no_past": Slip(
        "domain_in: [rival.example]", "domain_in: [rival.example], window: 30d", "disqualify[0]"
    ),
    "one_effect": Slip(
        "floor: {total: 50}", "floor: {total: 50}, force: {total: 90}", "overrides[0]"
    ),
    "needs_an_event": Slip(
        "event: trial_requested, floor: {total: 50}",
        "field: newsletter, is: true, freeze: true",
        "overrides[0]",
    ),
    "until_thaws": Slip(
        "floor: {total: 50}", "floor: {total: 50}, until: deal_lost", "overrides[0]"
    ),
    "same_key": Slip("key: opened", "key: prices", "rules[4].key"),
    "dimension_or_group": Slip("key: opened, group: email", "key: opened", "rules[4]"),
    "unknown_dimension": Slip(
        "key: role, dimension: fit", "key: role, dimension: fitness", "rules[0].dimension"
    ),
    "unknown_group": Slip("group: email", "group: mail", "rules[4].group"),
    "unknown_field": Slip("field: job_title", "field: role", "rules[0].field"),
    "unknown_level": Slip('{total: ">80"}', '{interest: ">80"}', "stages.hot.when.interest"),
    "unknown_grade": Slip("[A1]", "[A7]", "stages.ready.when.grade[0]"),
    "field_is_no_number": Slip("field: employees", "field: job_title", "rules[1]"),
    "field_is_a_number": Slip("field: job_title", "field: employees", "rules[0]"),
    "field_is_no_truth": Slip(
        "field: email, domain_in: [rival.example]", "field: employees, is: true", "disqualify[0]"
    ),
    "choices_of_no_text": Slip(
        "employees: number",
        "employees: {type: number, one_of: [few, many]}",
        "fields.employees.one_of",
    ),
    "value_never_taken": Slip("{software: 20}", "{softwares: 20}", "rules[2].values.softwares"),
    "band_never_reached": Slip('"1..2"', '"<0"', "rules[5].counts.<0"),
    "property_of_two_types": Slip(
        "where: {kind: pricing}", 'where: {path: ">=3"}', "rules[3].where.path"
    ),
    "content_never_given": Slip(
        "where: {kind: pricing}", "where: {kind: prices}", "rules[3].where.kind"
    ),
    "content_shadowed": Slip("/blog/*", "/pricing/plans*", "content[1]"),
    "never_gives": Slip("points: 15,", "points: 0,", "rules[3]"),
    "range_reversed": Slip(
        "fit: {range: [0, 100]", "fit: {range: [100, 0]", "dimensions.fit.range"
    ),
    "weights": Slip("weight: 0.4", "weight: 0.5", "total.weighted"),
    "weight_unused": Slip("weighted: [fit", "sum: [fit", "dimensions.fit.weight"),
    "named_twice": Slip("[fit, engagement]", "[fit, engagement, fit]", "total.weighted[2]"),
    "line_out_of_range": Slip('">80"}}', '">180"}}', "stages.hot.when.total"),
    "ladder_not_falling": Slip("{A: 75, B: 0}", "{A: 0, B: 75}", "grades.fit"),
    "reserved_stage": Slip("  hot: {when", "  nurturing: {when", "stages.nurturing"),
    "stage_never_seen": Slip('">80"}}', '">=30"}}', "stages.mql"),
    "nothing_qualifies": Slip(
        'qualification:\n  sql: {requires: [accepted, contacted], bant: ">80"}\n',
        "",
        "stages.ready.when.qualified",
    ),
    "fast_track_to_nowhere": Slip("to: handoff", "to: sales", "fast_tracks[0].to"),
    "unknown_clock": Slip("clock: hot", "clock: fast", "fast_tracks[0].clock"),
    "never_open": Slip('["09:00-18:00"]', "[]", "handoff.calendar.weekly"),
    "clock_contradicts": Slip("contact: 1h", "contact: 10m", "handoff.clocks.hot.contact"),
    "unknown_reason": Slip("bad_timing: 90d", "bad_weather: 90d", "recycle.after.bad_weather"),
}
"""By code: the first place, from the top, where SOUND gets the fault."""
