"""1min30 (2018): visitor, lead, MQL, SQL, and only then prospect for sales' first contact."""

from __future__ import annotations

import pytest

from passerelle.core.history import Event, Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, gallery, on, says, stages_by_day

AGREEMENT = gallery("1min30")
SIGNS: dict[str, list[Event]] = {
    "many_articles": [on(0, "page", n / 2, path=f"/blog/{n}") for n in range(6)],
    "white_paper": [on(0, "form_submitted", asset="livre-blanc-inbound")],
    "newsletter": [on(0, "newsletter_subscribed")],
    "free_trial": [on(0, "trial_requested")],
    "services": [on(0, "page", path="/services/seo")],
    "contact_form": [on(0, "contact_requested")],
    "prices": [on(0, "page", path="/tarifs")],
    "social": [on(0, "social_engaged")],
}


def amel(*later: Event) -> Lead:
    """The whole way, one sign after the other."""
    return a_lead(
        *(on(0, "page", 2 * n, path=f"/blog/{n}") for n in range(3)),
        on(2, "page", path="/blog/persona"),
        on(2, "newsletter_subscribed", 10),
        on(2, "form_submitted", 12, asset="livre-blanc-inbound"),
        *says(2.1, email="amel@fonderie.example", job_title="Directrice marketing"),
        *(on(5, "page", 2 * n, path=f"/services/{n}") for n in range(3)),
        on(5, "social_engaged", 30),
        on(8, "page", path="/tarifs"),
        on(8, "page", 6, path="/services/seo"),
        on(9, "page", path="/tarifs"),
        on(9, "trial_requested", 10),
        *says(10, company="Fonderie Amel", phone="04 72 00 00 00", employees=90),
        *says(10, industry="industrie", region="Auvergne-Rhône-Alpes", need="Refaire le site"),
        on(11, "accepted"),
        on(12, "contacted"),
        *later,
        key="amel",
    )


def in_a_hurry() -> Lead:
    return a_lead(on(0, "contact_requested", topic="devis"), email="leo@sante.example", key="leo")


def student() -> Lead:
    return a_lead(
        *(on(n, "page", path=f"/blog/{n}") for n in range(5)),
        on(5, "form_submitted", form="candidature-stage"),
        on(6, "email_unsubscribed"),
        job_title="Stagiaire",
        key="tom",
    )


LEADS = (
    amel(on(40, "deal_won")),
    amel(on(13, "returned", reason="bad_timing")),
    in_a_hurry(),
    student(),
)


def test_the_way_goes_from_visitor_to_prospect_to_customer() -> None:
    lead = amel(on(40, "deal_won"))

    stages = stages_by_day(AGREEMENT, lead, 0, 2, 5, 9, 10, 12, 40)

    assert stages == ["visitor", "lead", "mql", "mql", "sql", "prospect", "customer"]


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_of_the_article_counts_without_contact_with_sales(sign: str) -> None:
    lead = a_lead(*SIGNS[sign])

    worths = at_end_of(AGREEMENT, lead, 0).levels.worths

    assert {w.rule for w in worths if w.points > 0} == {sign}


def test_engagement_without_complete_information_is_no_sql() -> None:
    without_phone = a_lead(*(e for e in amel().events if e.properties.get("field") != "phone"))

    stages = [at_end_of(AGREEMENT, lead, 10).stage for lead in (without_phone, amel())]

    assert stages == ["mql", "sql"]


def test_engagement_outside_the_target_is_no_sql() -> None:
    agency = [*amel().events[:-2], *says(10.05, industry="agence", employees=5)]

    score = at_end_of(AGREEMENT, a_lead(*agency), 10)

    assert score.levels.of("engagement") >= 50
    assert score.stage == "mql"


def test_habits_count_as_returns_stays_and_regular_days() -> None:
    days = [on(n, "page", path="/blog/a") for n in range(5)]
    stay = on(4, "page", 6, path="/blog/a")

    worths = at_end_of(AGREEMENT, a_lead(*days, stay), 4).levels.worths

    assert {w.rule: w.points for w in worths if w.points} == {
        "many_articles": 14,
        "comes_back": 12,
        "stays": 2,
        "regular": 8,
    }


def test_the_pricing_page_loses_half_of_its_points_each_month() -> None:
    lead = a_lead(on(0, "page", path="/tarifs"))

    points = [at_end_of(AGREEMENT, lead, age).levels.of("engagement") for age in (29, 30, 60)]

    assert points == [10, 5, 0]


def test_a_call_for_a_quote_goes_straight_to_sales() -> None:
    standing = at_end_of(AGREEMENT, in_a_hurry(), 0).standing

    assert (standing.stage, standing.clock) == ("sql", "hot")
