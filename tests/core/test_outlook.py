"""What lies ahead of a lead: every promise is held against the scorer itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.outlook import (
    CriterionGap,
    DisqualifiedGap,
    EventGap,
    Fall,
    FieldGap,
    Gap,
    GradeGap,
    LevelGap,
    NextStage,
    QualifiedGap,
    RearmGap,
    RestGap,
    until_when,
    what_would_change,
    why_not_yet,
)
from passerelle.core.outlook_gaps import missing_points
from passerelle.core.ranges import parse_range
from passerelle.core.scorer import Score, score_lead
from passerelle.core.stages import Override
from passerelle.core.standing import ladder, rank
from tests.core.rich import NOW, RICH, a_lead, an_agreement, an_event, leads

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
SIMPLE = """
passerelle: 1
key: simple
timezone: {zone}
dimensions: {{engagement: {{range: [0, 100], weight: 1}}}}
rules:
  - {{key: seen, dimension: engagement, event: page, points: 60, {fading}}}
total: {{weighted: [engagement]}}
stages:
  mql: {{when: {{total: "{line}"}}{falls}}}
"""

BOTH_WAYS = """
passerelle: 1
key: both_ways
dimensions: {engagement: {range: [-100, 100], weight: 1}}
rules:
  - {key: seen, dimension: engagement, event: page, points: 40, half_life: 5d}
  - {key: bounced, dimension: engagement, event: email_bounced, points: -20, half_life: 50d}
total: {weighted: [engagement], range: [-100, 100]}
stages:
  mql: {when: {total: ">=-2"}}
"""


def simple(
    *, line: str = ">=50", fading: str = "half_life: 30d", falls: str = "", zone: str = "UTC"
) -> Agreement:
    text = SIMPLE.format(line=line, fading=fading, falls=falls, zone=zone)
    return an_agreement(lambda _: text)


def past(lead: Lead) -> Lead:
    return replace(lead, events=[e for e in lead.events if e.occurred_at <= NOW])


# Why not yet


def test_the_missing_points_are_those_to_the_next_line_up() -> None:
    lead = a_lead(an_event("page", path="/pricing"), employees=60, job_title="CEO")

    ahead = why_not_yet(RICH, lead, as_of=NOW)

    assert ahead is not None
    assert (ahead.stage, ahead.shortcuts) == ("hot", ("hand_raise", "recommended"))
    assert ahead.gaps == (LevelGap("total", Decimal(35), parse_range(">60"), Decimal("25.000001")),)


def test_a_lead_for_sales_lacks_events_and_criteria_the_dearest_first() -> None:
    lead = a_lead(
        an_event("vip_named"),
        an_event("accepted"),
        an_event("bant_assessed", criterion="need", met=True),
        an_event("bant_assessed", criterion="timing", met=False),
        an_event("bant_assessed", criterion="budget", met=True, ago=180 * DAY),
    )

    ahead = why_not_yet(RICH, lead, as_of=NOW)

    assert ahead is not None
    assert ahead.gaps == (
        EventGap(("meeting_booked",)),
        LevelGap("bant", Decimal(25), parse_range(">=75"), Decimal(50)),
        CriterionGap("budget", "lapsed", Decimal(25)),
        CriterionGap("authority", "open", Decimal(25)),
        CriterionGap("timing", "unmet", Decimal(25)),
    )


def test_a_lead_given_back_rests_until_a_day_and_lacks_new_points() -> None:
    lead = a_lead(
        an_event("page", path="/pricing", ago=20 * DAY),
        an_event("returned", reason="bad_timing", ago=10 * DAY),
        an_event("email_clicked", ago=2 * DAY),
        employees=60,
        job_title="CEO",
    )

    ahead = why_not_yet(RICH, lead, as_of=NOW)

    assert ahead == NextStage(
        "mql",
        (RestGap("bad_timing", date(2026, 6, 4)), RearmGap("bad_timing", Decimal(7))),
        ("hand_raise",),
    )


def test_a_lead_is_up_again_on_the_day_its_rest_ends_and_not_before() -> None:
    lead = a_lead(
        an_event("returned", reason="bad_timing", ago=10 * DAY),
        an_event("vip_named"),
        an_event("webinar_attended"),
    )
    ahead = why_not_yet(RICH, lead, as_of=NOW)
    assert ahead is not None
    (gap,) = ahead.gaps
    assert isinstance(gap, RestGap)
    up_again = RICH.midnight(gap.until)

    before = score_lead(RICH, lead, as_of=up_again - MICROSECOND)
    after = score_lead(RICH, lead, as_of=up_again)

    assert (before.stage, after.stage) == ("nurturing", "lead")


def test_a_disqualified_lead_is_told_by_what_and_until_when() -> None:
    lead = a_lead(an_event("complained", ago=4 * DAY), an_event("vip_named"))

    ahead = why_not_yet(RICH, lead, as_of=NOW)

    assert ahead == NextStage("hot", (DisqualifiedGap("complained", date(2026, 4, 11)),))


def test_nothing_is_missing_at_the_top_of_the_ladder() -> None:
    criteria = [
        an_event("bant_assessed", criterion=criterion, met=True)
        for criterion in ("budget", "authority", "need", "timing")
    ]
    lead = a_lead(an_event("accepted"), an_event("meeting_booked"), *criteria)

    assert score_lead(RICH, lead, as_of=NOW).stage == ladder(RICH)[-1] == "sql"
    assert why_not_yet(RICH, lead, as_of=NOW) is None
    assert why_not_yet(RICH, a_lead(), as_of=NOW) is not None


def test_the_handoff_is_next_only_where_no_other_step_is_left() -> None:
    agreement = an_agreement(
        lambda text: text[: text.index("qualification:")] + text[text.index("recycle:") :]
    )

    ahead = why_not_yet(agreement, a_lead(an_event("vip_named")), as_of=NOW)

    assert ahead == NextStage("handoff", (), ("hand_raise",))


def test_a_frozen_score_says_since_when() -> None:
    ahead = why_not_yet(RICH, a_lead(an_event("paused", ago=DAY)), as_of=NOW)

    assert ahead is not None
    assert ahead.frozen_since == NOW - DAY


def test_every_kind_of_condition_can_be_missing() -> None:
    agreement = an_agreement(
        lambda text: text.replace(
            '  hot: {when: {total: ">60"}}',
            "  hot: {when: {grade: [A1], event: contacted, where: {channel: phone}, "
            "fields: {industry: software}}}\n  cold: {when: {qualified: false, engagement: '<10'}}",
        )
    )
    lead = a_lead(an_event("page", path="/pricing"), employees=60, job_title="CEO")

    ahead = why_not_yet(agreement, lead, as_of=NOW)

    assert ahead is not None
    assert [type(gap) for gap in ahead.gaps] == [GradeGap, EventGap, FieldGap]


@pytest.mark.parametrize("value", ["79.9999990", "80", "80.0000004", "12.5", "-3", "101", "200.5"])
@pytest.mark.parametrize("line", [">80", ">=80", "80", "<=100", "<100", "80..<100", "80..100"])
def test_missing_points_are_the_least_that_reach_the_line(line: str, value: str) -> None:
    asked, level = parse_range(line), Decimal(value)

    missing = missing_points(asked, level)

    assert asked.holds_level(level + missing)
    if missing:
        least = Decimal("0.000001").copy_sign(missing)
        assert not asked.holds_level(level)
        assert not asked.holds_level(level + missing - least)


@given(leads())
def test_what_is_missing_is_just_enough_to_reach_the_next_stage(lead: Lead) -> None:
    ahead = why_not_yet(RICH, lead, as_of=NOW)
    score = score_lead(RICH, past(lead), as_of=NOW)

    assert (ahead is None) == (score.stage == ladder(RICH)[-1])
    if ahead is None:
        return
    assert ahead.gaps
    if score.stage in ("disqualified", "nurturing"):
        assert all(isinstance(gap, DisqualifiedGap | RestGap | RearmGap) for gap in ahead.gaps)
        return
    gaps = [gap for gap in ahead.gaps if isinstance(gap, LevelGap) and gap.level != "bant"]
    if len(gaps) == len(ahead.gaps):
        forced = {gap.level: gap.value + gap.missing for gap in gaps}
        assert _stands(lead, forced) >= rank(RICH, ahead.stage)
        for gap in gaps:
            short = forced | {gap.level: forced[gap.level] - Decimal("0.000001")}
            assert not _reaches(lead, short, ahead.stage)


@given(leads())
def test_new_points_that_are_missing_rearm_a_lead_whose_rest_is_over(lead: Lead) -> None:
    given_back = an_event("returned", reason="bad_timing", ago=100 * DAY)
    earlier = [e for e in past(lead).events if e.name not in ("deal_lost", "returned")]
    lead = replace(lead, events=[*earlier, given_back])
    ahead = why_not_yet(RICH, lead, as_of=NOW)
    rearm = [gap for gap in (ahead.gaps if ahead else ()) if isinstance(gap, RearmGap)]
    if ahead is None or not rearm:
        return
    assert ahead.gaps == tuple(rearm)

    enough = _with_new_points(lead, rearm[0].missing)
    short = _with_new_points(lead, rearm[0].missing - Decimal("0.000001"))

    assert enough.stage != "nurturing"
    assert short.stage == "nurturing"


def _stands(lead: Lead, forced: dict[str, Decimal]) -> int:
    return rank(RICH, _forced(lead, forced).stage)


def _reaches(lead: Lead, forced: dict[str, Decimal], stage: str) -> bool:
    return rank(RICH, _forced(lead, forced).stage) >= rank(RICH, stage)


def _forced(lead: Lead, forced: dict[str, Decimal]) -> Score:
    exact = {level: points.quantize(Decimal("0.000001")) for level, points in forced.items()}
    assert exact == forced
    override = Override(key="trial", field="phone", missing=True, force=exact)
    overrides = (override, *(o for o in RICH.overrides if not o.freeze))
    agreement = RICH.model_copy(update={"overrides": overrides})
    return score_lead(agreement, past(lead), as_of=NOW)


def _with_new_points(lead: Lead, points: Decimal) -> Score:
    rule = next(rule for rule in RICH.rules if rule.key == "opened")
    news = rule.model_copy(
        update={"key": "news", "event": ("news",), "points": points, "limit": None}
    )
    agreement = RICH.model_copy(update={"rules": (*RICH.rules, news)})
    events = [*lead.events, an_event("news")]
    return score_lead(agreement, replace(lead, events=events), as_of=NOW)


# What would change it


def test_what_raises_the_stage_with_the_fewest_events_stands_first() -> None:
    lead = a_lead(an_event("email_opened"), employees=60, job_title="CEO", industry="retail")

    suggestions = what_would_change(RICH, lead, as_of=NOW, most=20)

    assert [s.of for s in suggestions[:3]] == ["vip", "pricing", "webinar"]
    pricing = suggestions[1]
    assert (pricing.event, pricing.properties, pricing.times) == (
        "page",
        {"path": "/pricing"},
        1,
    )
    assert (pricing.gain, pricing.total) == (Decimal(9), Decimal("35.6"))
    assert pricing.stage == "mql"
    assert [s.rises for s in suggestions] == sorted([s.rises for s in suggestions], reverse=True)


def test_an_event_that_counts_once_a_value_comes_with_a_new_value() -> None:
    lead = a_lead(an_event("form_submitted", asset="ebook-…"), employees=60)

    suggestions = what_would_change(RICH, lead, as_of=NOW, most=20)

    ebook = next(s for s in suggestions if s.of == "ebook")
    assert [e.properties["asset"] for e in ebook.events][:1] == ["ebook-…2"]


def test_an_unanswered_field_is_asked_for_with_its_best_answer() -> None:
    suggestions = what_would_change(RICH, a_lead(employees=60), as_of=NOW, most=20)

    fields = {s.of: s.properties for s in suggestions if s.event == "field_changed"}
    assert fields == {
        "recommended": {"field": "source", "value": "customer_referral"},
        "role": {"field": "job_title", "value": "ceo"},
        "branch": {"field": "industry", "value": "software"},
    }


def test_what_sales_still_has_to_do_is_suggested_as_a_whole() -> None:
    lead = a_lead(an_event("vip_named"), an_event("accepted"))

    suggestions = what_would_change(RICH, lead, as_of=NOW)

    whole = next(s for s in suggestions if s.kind == "qualification")
    assert [step.event for step in whole.steps] == ["meeting_booked", *["bant_assessed"] * 3]
    assert whole.stage == "sql"


def test_a_visit_that_comes_back_is_suggested_for_when_it_would_count() -> None:
    lead = a_lead(an_event("page", path="/", ago=DAY))

    suggestions = what_would_change(RICH, lead, as_of=NOW, most=20)

    back = next(s for s in suggestions if s.of == "back")
    assert back.events[0].occurred_at == NOW + 6 * DAY + MICROSECOND


def test_a_disqualified_lead_gets_no_suggestion() -> None:
    assert what_would_change(RICH, a_lead(email="x@rival.example"), as_of=NOW) == ()


@given(leads())
@settings(max_examples=25)
def test_a_suggestion_does_what_it_says(lead: Lead) -> None:
    now = score_lead(RICH, past(lead), as_of=NOW)

    suggestions = what_would_change(RICH, lead, as_of=NOW, most=30)

    for one in suggestions:
        after = score_lead(
            RICH,
            replace(lead, events=[*past(lead).events, *one.events]),
            as_of=one.events[-1].occurred_at,
        )
        assert (after.total, after.stage) == (one.total, one.stage)
        assert one.gain == after.total - now.total
        assert one.rises == (rank(RICH, after.stage) > rank(RICH, now.stage)) or _late(one.events)
        assert one.rises or one.gain > 0
    costs = [(not s.rises, len(s.events), -s.gain) for s in suggestions]
    assert costs == sorted(costs)


@given(leads())
@settings(max_examples=15)
def test_no_fewer_of_the_same_events_would_have_raised_the_stage(lead: Lead) -> None:
    now = score_lead(RICH, past(lead), as_of=NOW)

    for one in what_would_change(RICH, lead, as_of=NOW, most=30):
        if one.rises and one.kind == "rule":
            for fewer in range(1, len(one.events)):
                events = [*past(lead).events, *one.events[:fewer]]
                at = one.events[fewer - 1].occurred_at
                before = score_lead(RICH, replace(lead, events=events), as_of=at)
                assert rank(RICH, before.stage) <= rank(RICH, now.stage)


def _late(events: Sequence[Event]) -> bool:
    return RICH.day(events[-1].occurred_at) != RICH.day(NOW)


# Until when


def test_a_lead_falls_at_the_local_midnight_at_which_decay_takes_it_below() -> None:
    agreement = simple(zone="Europe/Paris")
    lead = Lead("ada", {}, [an_event("page")])

    fall = until_when(agreement, lead, as_of=NOW)

    assert fall is not None
    assert (fall.on, fall.at) == (date(2026, 3, 24), datetime(2026, 3, 23, 23, tzinfo=UTC))
    assert fall.stage == "lead"
    assert fall.total.quantize(Decimal("0.01")) == Decimal("49.87")
    assert (fall.cause.kind, fall.cause.of, fall.cause.level) == ("faded", "seen", "total")


def test_hysteresis_keeps_a_lead_longer() -> None:
    lead = Lead("ada", {}, [an_event("page")])

    soon = until_when(simple(), lead, as_of=NOW)
    later = until_when(simple(falls=", falls_below: 30"), lead, as_of=NOW)

    assert soon is not None
    assert later is not None
    assert (later.on - soon.on).days == 23
    assert later.on == date(2026, 4, 16)


def test_a_lead_that_nothing_takes_down_has_no_end() -> None:
    lead = Lead("ada", {}, [an_event("page")])

    assert until_when(simple(fading="max: 60"), lead, as_of=NOW) is None
    assert until_when(RICH, a_lead(), as_of=NOW) is None


@pytest.mark.parametrize(("horizon", "falls"), [(0, False), (7, False), (8, True)])
def test_nothing_is_said_beyond_the_horizon(horizon: int, *, falls: bool) -> None:
    lead = Lead("ada", {}, [an_event("page")])

    fall = until_when(simple(), lead, as_of=NOW, horizon_days=horizon)

    assert (fall is not None) == falls


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        ([an_event("vip_named")], ("override", "vip")),
        ([an_event("demo_requested")], ("fast_track", "hand_raise")),
        ([an_event("email_clicked")], ("silence", "silent")),
        (
            [
                an_event("accepted"),
                an_event("meeting_booked"),
                *(
                    an_event("bant_assessed", criterion=criterion, met=True)
                    for criterion in ("budget", "authority", "need")
                ),
            ],
            ("evidence", "budget"),
        ),
        (
            [an_event("download", ago=n * DAY) for n in range(3)]
            + [an_event("form_submitted", asset="ebook-seo", ago=n * DAY) for n in range(1)],
            ("faded", "fast"),
        ),
    ],
)
def test_the_cause_of_a_fall_is_named(events: list[Event], cause: tuple[str, str]) -> None:
    fall = until_when(RICH, a_lead(*events), as_of=NOW)

    assert fall is not None
    assert (fall.cause.kind, fall.cause.of) == cause


def test_silence_is_a_cause() -> None:
    agreement = an_agreement(lambda text: text.replace(", window: 180d}", "}"))
    lead = a_lead(an_event("form_submitted", asset="ebook-seo"))

    fall = until_when(agreement, lead, as_of=NOW)

    assert fall is not None
    assert (fall.on, fall.cause.kind, fall.cause.of) == (date(2026, 4, 15), "silence", "silent")


def test_a_fall_from_which_the_lead_recovers_by_itself_is_not_overlooked() -> None:
    agreement = an_agreement(lambda _: BOTH_WAYS)
    lead = Lead("ada", {}, [an_event("page"), an_event("email_bounced")])

    fall = until_when(agreement, lead, as_of=NOW)
    at_the_end = score_lead(agreement, lead, as_of=NOW + 1100 * DAY)

    assert at_the_end.stage == "mql"
    assert fall is not None
    assert _told(fall) == _told(_walked(agreement, lead, 40))


@given(leads(), st.sampled_from([15, 100]))
@settings(max_examples=25)
def test_the_fall_is_the_one_that_a_plain_walk_over_midnights_finds(
    lead: Lead, horizon: int
) -> None:
    fall = until_when(RICH, lead, as_of=NOW, horizon_days=horizon)

    assert _told(fall) == _told(_walked(RICH, past(lead), horizon))


@given(
    leads(),
    st.sampled_from(
        [
            ('hot: {when: {total: ">60"}}', "hot: {when: {grade: [A1, B1]}}"),
            ('hot: {when: {total: ">60"}}', 'hot: {when: {engagement: "20..60"}}'),
            ("falls_below: {total: 20}", "falls_below: {total: 5, fit: 10}"),
            ("expires: 60d}", "half_life: 20d}"),
            ("Europe/Paris", "America/Havana"),
        ]
    ),
)
@settings(max_examples=40)
def test_the_fall_is_exact_where_levels_go_both_ways(lead: Lead, change: tuple[str, str]) -> None:
    agreement = an_agreement(lambda text: text.replace(*change))

    fall = until_when(agreement, lead, as_of=NOW, horizon_days=35)

    assert _told(fall) == _told(_walked(agreement, past(lead), 35))


@given(leads())
@settings(max_examples=60)
def test_a_lead_stands_until_the_last_microsecond_and_not_one_longer(lead: Lead) -> None:
    now = score_lead(RICH, past(lead), as_of=NOW)

    fall = until_when(RICH, lead, as_of=NOW)

    if fall is not None:
        then = score_lead(RICH, past(lead), as_of=fall.at)
        just_before = score_lead(RICH, past(lead), as_of=fall.at - MICROSECOND)
        assert (then.stage, then.total) == (fall.stage, fall.total)
        assert rank(RICH, then.stage) < rank(RICH, now.stage) <= rank(RICH, just_before.stage)
        assert fall.cause.kind != "unknown"


def _told(fall: Fall | None) -> tuple[object, ...] | None:
    return None if fall is None else (fall.at, fall.on, fall.stage, fall.total)


def _walked(agreement: Agreement, lead: Lead, horizon: int) -> Fall | None:
    """The plain walk: the score at every midnight."""
    now = score_lead(agreement, lead, as_of=NOW)
    for n in range(1, horizon + 1):
        day = agreement.day(NOW) + n * DAY
        at = agreement.midnight(day)
        score = score_lead(agreement, lead, as_of=at)
        if rank(agreement, score.stage) < rank(agreement, now.stage):
            found = until_when(agreement, lead, as_of=NOW, horizon_days=horizon)
            assert found is not None
            return replace(found, at=at, on=day, stage=score.stage, total=score.total)
    return None


def test_the_gaps_are_a_closed_set() -> None:
    kinds = {LevelGap, GradeGap, EventGap, FieldGap, CriterionGap, QualifiedGap}

    assert {*kinds, RestGap, RearmGap, DisqualifiedGap} == set(Gap.__args__)
