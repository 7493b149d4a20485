"""Instapage (2018): fit, returns, offers, channels and a booked meeting tell SQLs from MQLs."""

from __future__ import annotations

from passerelle.core.history import Event, Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, day, gallery, on, says, stages_by_day

AGREEMENT = gallery("instapage")


def nora() -> Lead:
    """The article's own scenario, from the e-book to the discovery meeting."""
    return a_lead(
        on(0, "page", path="/blog/landing-page-examples"),
        on(0, "download", 5, asset="ebook-landing-pages"),
        *says(0.01, first_name="Nora", last_name="Lind", email="nora@brightads.example"),
        on(1, "email_opened"),
        on(1, "email_clicked"),
        *says(3, job_title="Head of Growth", employees=120, industry="saas", source="facebook"),
        on(3, "page", path="/products/builder"),
        on(3, "page", 2, path="/services/migration"),
        on(3, "page", 4, path="/pricing"),
        on(9, "page", path="/offers/demo-for-saas", campaign="retargeting-demo-spring"),
        *says(
            9.01, phone="+1 415 555 0100", company="Bright Ads", ad_spend=30_000, tools="Unbounce"
        ),
        *says(9.01, country="United States"),
        on(
            9,
            "demo_requested",
            20,
            asset="live-demo",
            job_title="Head of Growth",
            ad_spend=30_000,
            tools="Unbounce",
            message="Our pages are slow and our cost per lead rises",
        ),
        on(10, "accepted"),
        on(10, "contacted", 30),
        on(11, "meeting_booked"),
        key="nora",
    )


def perfect_fit(*events: Event, source: str = "facebook") -> Lead:
    """The ideal customer profile, with an open mind."""
    return a_lead(
        *events,
        email="omar@shopline.example",
        job_title="VP Marketing",
        employees=600,
        ad_spend=25_000,
        industry="ecommerce",
        budget=20_000,
        pains="slow pages and a high cost per lead",
        personality="analyst",
        company="Shopline",
        phone="+1 212 555 0190",
        source=source,
        key="omar",
    )


def three_visits(source: str) -> Lead:
    return perfect_fit(
        *(on(n, "page", path="/products/builder") for n in (0, 2, 5)),
        on(5, "download", 3, asset="white-paper-personalisation"),
        source=source,
    )


def synthetic() -> Lead:
    """Somebody outside the profile who does everything else."""
    return a_lead(
        on(0, "newsletter_subscribed"),
        on(1, "social_engaged"),
        on(1, "comment_posted", 5),
        *(on(2 + n, "download", asset=f"webinar-{n}") for n in range(3)),
        on(6, "contact_requested"),
        on(7, "email_unsubscribed"),
        email="kim@college.example",
        job_title="Student",
        employees=3,
        ad_spend=0,
        industry="education",
        source="quora",
        key="kim",
    )


def own_staff() -> Lead:
    return a_lead(on(0, "page", path="/pricing"), email="eve@instapage.example", key="eve")


def returned() -> Lead:
    return a_lead(*nora().events[:-1], on(12, "returned", reason="too_early"), key="returned")


LEADS = (nora(), three_visits("email"), synthetic(), own_staff(), returned())


def test_the_articles_scenario_goes_from_lead_to_mql_to_hand_off_to_sql() -> None:
    lead = nora()

    stages = stages_by_day(AGREEMENT, lead, 0, 1, 3, 9, 10, 11)

    assert stages == ["lead", "lead", "mql", "handoff", "handoff", "sql"]


def test_a_first_visit_without_a_name_is_a_visitor_and_a_subscription_makes_a_lead() -> None:
    visit = on(0, "page", path="/blog/cro")
    subscription = [on(0, "newsletter_subscribed", 1), *says(0.01, email="lea@mail.example")]

    stages = [
        stages_by_day(AGREEMENT, a_lead(visit), 0),
        stages_by_day(AGREEMENT, a_lead(visit, *subscription), 0),
    ]

    assert stages == [["visitor"], ["lead"]]


def test_the_demo_is_handed_over_hot_only_with_role_ad_spend_and_software() -> None:
    before = [event for event in nora().events if event.occurred_at < day(9, 20)]
    incomplete = a_lead(*before, on(9, "demo_requested", 20, asset="live-demo"))

    handed = at_end_of(AGREEMENT, nora(), 9).standing
    kept = at_end_of(AGREEMENT, incomplete, 9).standing

    assert (handed.stage, handed.fast_track, handed.clock) == ("handoff", "complete_demo", "hot")
    assert (kept.stage, kept.fast_track) == ("likely_sql", None)


def test_a_first_visit_makes_at_most_an_mql() -> None:
    lead = perfect_fit(
        on(0, "page", path="/products/builder"),
        on(0, "page", 2, path="/services/migration"),
        on(0, "page", 4, path="/pricing"),
        *(on(0, "download", 5 + n, asset=f"white-paper-{n}") for n in range(3)),
    )

    stage = at_end_of(AGREEMENT, lead, 0).stage

    assert stage == "mql"


def test_three_visits_to_product_pages_from_a_good_channel_are_perhaps_an_sql() -> None:
    by_channel = {
        source: stages_by_day(AGREEMENT, three_visits(source), 0, 2, 5)[-1]
        for source in ("facebook", "email", "quora", "twitter")
    }

    assert by_channel == {
        "facebook": "likely_sql",
        "email": "likely_sql",
        "quora": "mql",
        "twitter": "mql",
    }


def test_one_or_two_downloads_make_an_mql_and_several_offers_perhaps_an_sql() -> None:
    def downloads(number: int) -> Lead:
        visits = [on(2 * n, "page", path="/products/builder") for n in range(number)]
        taken = [on(2 * n, "download", 3, asset=f"ebook-{n}") for n in range(number)]
        return perfect_fit(*visits, *taken, source="search")

    stages = [at_end_of(AGREEMENT, downloads(number), 10).stage for number in (1, 2, 3)]

    assert stages == ["mql", "mql", "likely_sql"]


def test_behaviour_without_the_firmographic_fit_is_no_mql() -> None:
    acts = [event for event in nora().events if event.name in ("page", "download")]
    lead = a_lead(*acts, email="ben@corner-shop.example", employees=2)

    score = at_end_of(AGREEMENT, lead, 9)

    assert score.levels.of("behaviour") >= 40
    assert score.stage == "lead"


def test_accepted_and_contacted_without_a_meeting_is_not_yet_sales_qualified() -> None:
    lead = nora()

    standing = at_end_of(AGREEMENT, lead, 10).standing

    assert standing.stage == "handoff"
    assert standing.bant.missing == ("meeting_booked",)


def test_a_lead_named_too_early_goes_back_and_needs_new_points_and_thirty_days() -> None:
    back = returned().events
    twice = [on(20, "page", path="/pricing"), on(20, "page", 1, path="/pricing")]

    stages = [
        at_end_of(AGREEMENT, a_lead(*back), 50).stage,
        at_end_of(AGREEMENT, a_lead(*back, *twice), 41).stage,
        at_end_of(AGREEMENT, a_lead(*back, *twice), 42).stage,
    ]

    assert stages == ["nurturing", "nurturing", "likely_sql"]
