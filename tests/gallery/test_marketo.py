"""Marketo: +n, -n and =n; once, every time, once in so many days; inventory, gate and SLA."""

from __future__ import annotations

from datetime import timedelta

from passerelle.core.history import Event, Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, gallery, on, stages_by_day

AGREEMENT = gallery("marketo")


def behaviour(*events: Event, number: float = 0) -> float:
    return float(at_end_of(AGREEMENT, a_lead(*events), number).levels.of("behaviour"))


def ada() -> Lead:
    return a_lead(
        *(on(0, "page", n, path="/") for n in range(5)),
        *(on(2, "page", 2 * n, path="/pricing") for n in range(4)),
        on(2, "page", 20, path="/careers"),
        on(2, "email_opened"),
        on(2, "email_clicked"),
        on(2, "webinar_registered"),
        on(3, "webinar_attended"),
        on(3, "demo_watched", asset="demo-analytics"),
        on(3, "download", asset="guide-scoring"),
        on(3, "download", 1, asset="reviews-2024"),
        on(3, "site_searched", query="Marketo pricing"),
        on(4, "accepted"),
        on(9, "opportunity_created"),
        on(30, "deal_won"),
        job_title="VP Marketing",
        source="website",
        manual_review=25,
        key="ada",
    )


def passing_by() -> Lead:
    return a_lead(
        *(on(0, "page", n, path="/") for n in range(6)),
        on(1, "contact_requested"),
        on(3, "recycled"),
        on(4, "email_unsubscribed"),
        key="passing",
    )


def gated() -> Lead:
    return a_lead(*(on(0, "page", n, path="/") for n in range(12)), source="website", key="gated")


def rival() -> Lead:
    return a_lead(email="x@rival.example", key="rival")


def back() -> Lead:
    return a_lead(on(0, "page", path="/"), on(1, "returned", reason="no_need"), key="back")


LEADS = (ada(), passing_by(), gated(), rival(), back())


def test_a_campaign_runs_every_time_unless_it_says_otherwise() -> None:
    points = behaviour(*(on(0, "page", n, path="/pricing") for n in range(3)))

    assert points == 3 * (5 + 1)


def test_once_means_once() -> None:
    guides = [on(n, "download", asset=f"guide-{n}") for n in range(4)]
    demos = [on(n, "demo_watched", asset=asset) for n, asset in enumerate(("a", "b", "a"))]

    assert behaviour(*guides, number=4) == 5
    assert behaviour(*demos, number=4) == 5 + 5


def test_once_in_seven_days_counts_again_on_the_seventh() -> None:
    searches = [on(n, "site_searched", query="why marketo") for n in (0, 3, 6, 7, 13, 14)]

    points = [behaviour(*searches[:n], number=14) for n in (1, 3, 4, 5, 6)]

    assert points == [15, 15, 30, 30, 45]


def test_equal_n_sets_the_field_and_later_points_start_from_there() -> None:
    before = [on(0, "page", n, path="/pricing") for n in range(9)]
    reset, unsubscribed = on(1, "recycled"), on(2, "email_unsubscribed")

    points = [
        behaviour(*before, number=1),
        behaviour(*before, reset, number=1),
        behaviour(*before, reset, on(1, "page", 1, path="/pricing"), number=1),
        behaviour(*before, reset, unsubscribed, number=2),
    ]

    assert points == [54, 0, 6, -20]


def test_the_total_is_separate_from_the_score_fields() -> None:
    levels = at_end_of(AGREEMENT, ada(), 3).levels

    assert levels.of("demographic") == 8 + 7 + 30
    assert levels.total == levels.of("demographic") + levels.of("behaviour")


def test_coming_back_within_a_week_and_leaving_for_a_month_are_told_apart() -> None:
    first, second = on(0, "page", path="/"), on(3, "page", path="/")

    points = [
        behaviour(first, number=1),
        behaviour(first, second, number=3),
        behaviour(first, second, number=32),
        behaviour(first, second, number=33),
        behaviour(first, second, number=63),
    ]

    assert points == [1, 10, 10, 5, 0]


def test_the_lifecycle_goes_through_inventory_gate_and_sla() -> None:
    stages = [
        at_end_of(AGREEMENT, a_lead(), 0).stage,
        *stages_by_day(AGREEMENT, passing_by(), 0),
        *stages_by_day(AGREEMENT, gated(), 0),
        *stages_by_day(AGREEMENT, ada(), 3, 4, 9, 30),
    ]

    assert stages == [
        "known",
        "engaged",
        "prospect",
        "mql",
        "sales_lead",
        "opportunity",
        "customer",
    ]


def test_an_sla_stage_has_a_clock_by_which_it_is_due() -> None:
    standing = at_end_of(AGREEMENT, passing_by(), 1).standing

    assert (standing.stage, standing.clock) == ("mql", "hot")
    assert AGREEMENT.handoff is not None
    assert AGREEMENT.handoff.clocks["hot"].accept == timedelta(minutes=30)
