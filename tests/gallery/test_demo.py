"""Atelier Logiciel's own agreement: a buyer who ripens, and some who never will."""

from __future__ import annotations

from passerelle.core.history import Event, Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, bant, gallery, on, stages_by_day

AGREEMENT = gallery("demo")


def odile(*later: Event) -> Lead:
    """She runs the field service of a heating company, reads, comes back, compares, and asks."""
    return a_lead(
        on(0, "page", path="/blog/planifier-tournees"),
        on(3, "newsletter_subscribed"),
        on(5, "email_clicked"),
        on(5, "page", 2, path="/product/planning"),
        on(8, "page", path="/product/mobile"),
        on(10, "download", asset="ebook-planning"),
        on(11, "download", asset="calculator-roi"),
        on(12, "webinar_registered"),
        on(14, "webinar_attended"),
        on(14, "webinar_question", 40),
        on(15, "page", path="/customers/clim-ocean"),
        on(15, "page", 5, path="/compare/excel"),
        on(15, "page", 9, path="/pricing"),
        on(15, "chat_started", 12),
        on(16, "trial_requested"),
        on(18, "demo_requested"),
        *later,
        seniority="director",
        department="field_service",
        employees=73,
        industry="construction",
        country="FR",
        tools="Excel",
        source="organic",
        key="odile",
    )


def qualified(*later: Event) -> Lead:
    return odile(
        on(19, "accepted"),
        on(19, "contacted", 30),
        *bant(19, missing=("budget",)),
        on(20, "meeting_booked"),
        *later,
    )


def talkative() -> Lead:
    return a_lead(
        on(0, "outbound_replied"),
        on(2, "comment_posted"),
        on(3, "email_replied"),
        on(4, "quote_requested"),
        on(5, "contact_requested"),
        on(40, "email_bounced"),
        on(41, "email_unsubscribed"),
        key="yanis",
    )


def student() -> Lead:
    jobs = [on(n, "page", path="/jobs") for n in range(3)]
    return a_lead(*jobs, job_title="Étudiante en master", seniority="intern", key="lou")


def junk() -> Lead:
    return a_lead(email="xxx@yopmail.com", key="xxx")


def recommended() -> Lead:
    return a_lead(source="customer_referral", key="sam")


LEADS = (
    odile(),
    qualified(),
    odile(on(19, "returned", reason="bad_timing")),
    talkative(),
    student(),
    junk(),
    recommended(),
)


def test_a_buyer_rises_from_contact_to_the_hand_off_and_on_to_an_sql() -> None:
    lead = qualified()

    stages = stages_by_day(AGREEMENT, lead, 0, 3, 10, 15, 18, 20)

    assert stages == ["contact", "lead", "mql", "hot", "handoff", "sql"]


def test_a_buyer_given_back_rests_and_comes_up_again_by_new_points() -> None:
    returned = on(19, "returned", reason="bad_timing")
    again = odile(returned, on(115, "webinar_attended"), on(115, "page", 90, path="/pricing"))

    assert at_end_of(AGREEMENT, odile(returned), 30).stage == "nurturing"
    assert at_end_of(AGREEMENT, again, 115).stage != "nurturing"


def test_a_student_scores_nothing_and_a_junk_address_is_out() -> None:
    assert at_end_of(AGREEMENT, student(), 2).total == 0
    assert at_end_of(AGREEMENT, junk(), 0).stage == "disqualified"


def test_whoever_is_recommended_goes_to_sales_at_once() -> None:
    standing = at_end_of(AGREEMENT, recommended(), 0).standing

    assert (standing.stage, standing.fast_track) == ("handoff", "recommended")
