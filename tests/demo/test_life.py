"""The company is believable: channels, intent, delays and calendar are those of the trade."""

import pytest

from passerelle.demo.vocabulary import LEAD_CHANNELS
from tests.demo.company import Company

MATURE = "created_at < timestamptz '2025-07-01'"
DECISION = "(path like '/pricing%' or path like '/customers/%' or path like '/compare/%')"


def conversion(company: Company, *channels: str) -> float:
    """The share of the old enough leads of `channels` that have become customers."""
    names = ", ".join(f"'{channel}'" for channel in channels)
    return company.number(f"""
        select avg((lead in (select lead from events where event = 'deal_won'))::int)
        from leads join truth using (lead)
        where kind = 'lead' and {MATURE} and leads.source in ({names})""")


def test_recommendations_convert_far_better_than_bought_addresses(company: Company) -> None:
    recommended = conversion(company, "customer_referral", "employee_referral")
    mailed = conversion(company, "email")

    assert recommended == pytest.approx(0.25, abs=0.07)
    assert mailed < 0.03
    assert recommended > 8 * mailed


def test_about_one_lead_in_eight_that_sales_is_handed_becomes_sales_qualified(
    company: Company,
) -> None:
    rate = company.summary.sales_qualified / company.summary.handed_over

    assert rate == pytest.approx(0.13, abs=0.025)


def test_every_channel_brings_leads_and_the_rates_are_counted_by_channel(company: Company) -> None:
    by_channel = company.summary.by_channel

    assert tuple(by_channel) == LEAD_CHANNELS
    assert all(count.leads > 200 for count in by_channel.values())
    assert sum(count.customers for count in by_channel.values()) == company.summary.customers


def test_decision_pages_hint_at_who_would_buy_without_giving_it_away(company: Company) -> None:
    # The area under the ROC curve is the Mann-Whitney statistic of the ranks.
    area = company.number(f"""
        with counts as (
          select lead, would_buy, count(*) filter ({DECISION}) as pages
          from truth left join events using (lead) group by all
        ), ranked as (
          select would_buy, rank() over (order by pages)
            + (count(*) over (partition by pages) - 1) / 2.0 as place from counts
        )
        select (sum(place) filter (would_buy)
            - count(*) filter (would_buy) * (count(*) filter (would_buy) + 1) / 2.0)
          / (count(*) filter (would_buy) * count(*) filter (not would_buy)) from ranked""")

    assert 0.65 < area < 0.92


def test_true_intent_goes_with_decision_pages(company: Company) -> None:
    correlation = company.number(f"""
        select corr(true_intent, pages) from (
          select any_value(true_intent) as true_intent, count(*) filter ({DECISION}) as pages
          from truth left join events using (lead) where kind = 'lead' group by lead)""")

    assert 0.1 < correlation < 0.8


def test_true_fit_shows_in_size_and_seniority(company: Company) -> None:
    (small,), (middle,) = company.rows("""
        select avg(true_fit) from leads join truth using (lead)
        where kind = 'lead' and (employees < 5 or employees between 60 and 200)
        group by employees < 5 order by employees < 5 desc""")

    assert middle > small + 0.2


def test_only_those_who_would_buy_ever_sign_and_not_all_of_them_have(company: Company) -> None:
    signed_unwilling = company.number("""
        select count(*) from truth join events using (lead)
        where event = 'deal_won' and not would_buy""")
    willing = company.number("select count(*) from truth where would_buy")

    assert signed_unwilling == 0
    assert company.summary.customers < 0.8 * willing


def test_what_is_won_after_the_end_stands_in_the_truth_alone(company: Company) -> None:
    still_open = company.number("""
        select count(*) from truth where wins_at >= timestamptz '2026-03-01'""")
    told_too_early = company.number("""
        select count(*) from truth join events using (lead)
        where event = 'deal_won' and wins_at >= timestamptz '2026-03-01'""")

    assert still_open > 50
    assert told_too_early == 0


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("accepted", "contacted"),
        ("contacted", "bant_assessed"),
        ("bant_assessed", "meeting_booked"),
        ("meeting_booked", "opportunity_created"),
        ("opportunity_created", "deal_won"),
        ("opportunity_created", "deal_lost"),
    ],
)
def test_sales_takes_its_steps_in_order(company: Company, earlier: str, later: str) -> None:
    steps = company.number(f"""
        select count(*) from (select lead, max(occurred_at) as at from events
          where event = '{later}' group by lead) later""")
    hasty = company.number(f"""
        select count(*) from
          (select lead, max(occurred_at) as at from events where event = '{later}' group by lead) b
          join (select lead, min(occurred_at) as at from events where event = '{earlier}'
                group by lead) a using (lead)
        where b.at <= a.at""")

    assert steps > 50
    assert hasty == 0


def test_a_sale_takes_months(company: Company) -> None:
    median = company.number("""
        select median(date_diff('day', accepted, won)) from (
          select lead, min(occurred_at) filter (event = 'accepted') as accepted,
                 max(occurred_at) filter (event = 'deal_won') as won from events group by lead)
        where won is not null""")

    assert 60 < median < 180


def test_mail_is_opened_after_it_was_sent_and_never_sent_after_a_departure(
    company: Company,
) -> None:
    unsent = company.number("""
        select count(*) from
          (select lead, campaign, min(occurred_at) as at from events
           where event = 'email_opened' group by all) o
          left join (select lead, campaign, min(occurred_at) as at from events
           where event = 'email_sent' group by all) s using (lead, campaign)
        where s.at is null or o.at <= s.at""")
    unasked = company.number("""
        select count(*) from events s join events u using (lead)
        where u.event = 'email_unsubscribed' and s.event = 'email_sent'
          and s.occurred_at > u.occurred_at + interval 30 day""")

    # A late sending may not have arrived yet while its opening has.
    assert unsent < 0.01 * company.number(
        "select count(*) from events where event = 'email_opened'"
    )
    assert unasked == 0


def test_sales_works_office_hours_in_paris(company: Company) -> None:
    at_night = company.number("""
        select avg((hour(timezone('Europe/Paris', occurred_at)) not between 8 and 19
          or isodow(timezone('Europe/Paris', occurred_at)) > 5)::int)
        from events where event = 'call_made'""")

    assert at_night == 0


def test_august_and_christmas_are_quiet_and_so_are_weekends(company: Company) -> None:
    visits = dict(
        company.rows("""
        select strftime(timezone('Europe/Paris', occurred_at), '%m'), count(*) from events
        where event = 'page' group by 1""")
    )
    weekend = company.number("""
        select avg((isodow(timezone('Europe/Paris', occurred_at)) > 5)::int)
        from events join truth using (lead) where event = 'page' and not is_bot""")
    christmas = company.number("""
        select count(*) filter (occurred_at between '2025-12-24' and '2025-12-31')
          / count(*) filter (occurred_at between '2025-12-10' and '2025-12-17')
        from events where event = 'page'""")

    assert visits["08"] < 0.75 * visits["07"]
    assert visits["08"] < 0.75 * visits["09"]
    assert weekend < 0.12
    assert christmas < 0.6


def test_budget_is_often_missing_and_more_so_from_social_networks(company: Company) -> None:
    known = dict(
        company.rows("""
        select leads.source, avg((budget is not null)::int) from leads join truth using (lead)
        where kind = 'lead' group by 1""")
    )

    assert known["social"] < known["organic"] < known["customer_referral"] < 0.6


def test_a_visit_has_several_pages_within_minutes_and_people_come_back(company: Company) -> None:
    pages, returning = company.rows("""
        with gaps as (
          select lead, occurred_at - lag(occurred_at) over (partition by lead order by occurred_at)
            as gap from events join truth using (lead) where event = 'page' and kind = 'lead'
        ), visits as (
          select lead, count(*) as pages,
                 count(*) filter (gap is null or gap > interval 30 minute) as visits
          from gaps group by lead
        ) select sum(pages) / sum(visits), avg((visits > 1)::int) from visits""")[0]

    assert 1.5 < pages < 5
    assert 0.3 < returning < 0.9
