"""Why a lead stands no higher: every promise is held against the scorer itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from passerelle.core.conditions import Patterns
from passerelle.core.history import Lead
from passerelle.core.outlook import (
    CriterionGap,
    DisqualifiedGap,
    EventGap,
    FieldGap,
    Gap,
    GradeGap,
    LevelGap,
    NextStage,
    QualifiedGap,
    RearmGap,
    RestGap,
    why_not_yet,
)
from passerelle.core.outlook_gaps import missing_points
from passerelle.core.ranges import parse_range
from passerelle.core.scorer import Score, score_lead
from passerelle.core.stages import Override
from passerelle.core.standing import ladder, rank
from tests.core.rich import NOW, RICH, a_lead, an_agreement, an_event, leads, past

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


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


def test_only_what_sales_once_found_out_has_lapsed() -> None:
    lead = a_lead(
        an_event("vip_named"),
        an_event("bant_assessed", criterion="need", met=True, ago=180 * DAY),
        an_event("bant_assessed", criterion="budget", met="perhaps"),
        an_event("form_submitted", criterion="timing"),
    )

    ahead = why_not_yet(RICH, lead, as_of=NOW)

    assert ahead is not None
    states = {gap.criterion: gap.state for gap in ahead.gaps if isinstance(gap, CriterionGap)}
    assert states == {"need": "lapsed", "budget": "open", "authority": "open", "timing": "open"}


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
    assert ahead.gaps == (
        GradeGap("A2", ("A1",)),
        EventGap(("contacted",), {"channel": Patterns(("phone",))}),
        FieldGap("industry", None, Patterns(("software",))),
    )


def test_what_sales_did_before_a_return_is_missing_again() -> None:
    lead = a_lead(
        an_event("accepted", ago=9 * DAY), an_event("deal_lost", ago=8 * DAY), an_event("deal_won")
    )
    returned = a_lead(
        an_event("accepted", ago=300 * DAY),
        an_event("deal_lost", ago=200 * DAY),
        an_event("vip_named"),
        an_event("webinar_attended"),
    )

    after_a_sale, after_a_loss = (why_not_yet(RICH, one, as_of=NOW) for one in (lead, returned))

    assert after_a_sale is not None
    assert after_a_loss is not None
    assert after_a_loss.gaps[:2] == tuple(
        EventGap((name,), since=NOW - 200 * DAY) for name in ("accepted", "meeting_booked")
    )
    assert not any(isinstance(gap, EventGap) and gap.since for gap in after_a_sale.gaps)


def test_a_stage_for_the_qualified_lacks_what_sales_has_to_do() -> None:
    agreement = an_agreement(
        lambda text: text.replace('hot: {when: {total: ">60"}}', "hot: {when: {qualified: true}}")
    )
    lead = a_lead(
        an_event("page", path="/pricing"),
        an_event("returned", ago=100 * DAY),
        an_event("webinar_attended"),
        employees=60,
        job_title="CEO",
    )

    ahead = why_not_yet(agreement, lead, as_of=NOW)

    assert ahead is not None
    assert (ahead.stage, len(ahead.gaps)) == ("hot", 7)
    assert ahead.gaps[:3] == (
        EventGap(("accepted",), since=NOW - 100 * DAY),
        EventGap(("meeting_booked",), since=NOW - 100 * DAY),
        LevelGap("bant", Decimal(0), parse_range(">=75"), Decimal(75)),
    )


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


def test_the_gaps_are_a_closed_set() -> None:
    kinds = {LevelGap, GradeGap, EventGap, FieldGap, CriterionGap, QualifiedGap}

    assert {*kinds, RestGap, RearmGap, DisqualifiedGap} == set(Gap.__args__)
