"""What is wrong with real data is wrong with these, in known shares, and the truth says where."""

import pytest

from tests.demo.company import Company


def share(company: Company, condition: str) -> float:
    """The share of the events for which `condition` holds."""
    return company.number(f"select avg(({condition})::int) from events join truth using (lead)")


def test_one_event_in_a_hundred_comes_twice_with_the_same_id(company: Company) -> None:
    twins = company.rows("""
        select count(*), count(distinct lead), count(distinct event), count(distinct occurred_at),
               count(distinct received_at) from events group by id having count(*) > 1""")

    assert len(twins) / company.summary.events == pytest.approx(0.01, abs=0.002)
    assert {row[:4] for row in twins} == {(2, 1, 1, 1)}
    assert {row[4] for row in twins} >= {1, 2}


def test_ids_sort_as_time_does(company: Company) -> None:
    backwards = company.number("""
        select count(*) from (
          select moment < lag(moment) over (order by id) as earlier
          from (select id, epoch_us(occurred_at) // 1000 as moment from events)) where earlier""")

    assert backwards == 0


def test_two_events_in_a_hundred_arrive_hours_or_days_late(company: Company) -> None:
    late = share(company, "clock_error_seconds = 0 and received_at > occurred_at + interval 6 hour")
    latest = company.number("""
        select max(date_diff('day', occurred_at, received_at)) from events
        join truth using (lead) where clock_error_seconds = 0""")

    assert late == pytest.approx(0.02, abs=0.004)
    assert 10 <= latest <= 26


def test_nothing_arrives_before_it_happened_unless_a_clock_is_wrong(company: Company) -> None:
    early = share(company, "clock_error_seconds = 0 and received_at <= occurred_at")
    impossible = share(company, "clock_error_seconds > 0 and received_at < occurred_at")

    assert early == 0
    assert impossible > 0


def test_no_event_precedes_its_century_and_none_arrives_after_the_end(company: Company) -> None:
    first, last = company.rows("""
        select min(occurred_at)::varchar, max(received_at)::varchar from events""")[0]

    assert first > "2025-02"
    assert last < "2026-03-01"


def test_some_typed_events_have_no_time_of_arrival(company: Company) -> None:
    missing = company.rows("select distinct event from events where received_at is null")

    assert {event for (event,) in missing} >= {"call_made", "accepted", "returned"}
    assert ("page",) not in missing


def test_bots_read_faster_than_anyone_can_and_at_night(company: Company) -> None:
    gap, hour = company.rows("""
        select median(gap), max(hour) from (
          select epoch(occurred_at) - epoch(lag(occurred_at) over (partition by lead
              order by occurred_at)) as gap, hour(timezone('Europe/Paris', occurred_at)) as hour
          from events join truth using (lead) where is_bot and event = 'page'
            and clock_error_seconds = 0)""")[0]

    assert gap < 1
    assert hour <= 6


def test_scanners_open_and_click_seconds_after_the_sending(company: Company) -> None:
    reflexes = dict(
        company.rows("""
        with sent as (select lead, campaign, min(occurred_at) as at from events
          where event = 'email_sent' group by all),
        clicks as (select lead, campaign, min(occurred_at) as at from events
          where event = 'email_clicked' group by all)
        select scanned_mail, avg((clicks.at < sent.at + interval 20 second)::int)
        from sent join clicks using (lead, campaign) join truth using (lead) group by 1""")
    )

    assert reflexes[True] > 0.8
    assert reflexes[False] < 0.01


def test_colleagues_who_share_a_device_leave_their_traces_in_turn(company: Company) -> None:
    pairs = company.number("select count(*) from truth where borrows_device_of is not null")
    shared = company.number("""
        select count(distinct truth.lead) from truth
        join events mine on mine.lead = truth.lead
        join events theirs on theirs.lead = truth.borrows_device_of
        where mine.device = theirs.device""")
    alone = company.number("""
        select count(*) from (select device from events join truth using (lead)
          where device is not null and borrows_device_of is null
          group by device having count(distinct lead) > 1)""")

    assert pairs > 50
    assert shared > 0.6 * pairs
    assert alone < 0.2 * pairs


def test_junk_students_and_competitors_are_there_and_never_buy(company: Company) -> None:
    wrong = company.rows("""
        select kind, count(*), count(*) filter (would_buy), max(true_fit) from truth
        where kind not in ('lead', 'visitor', 'prospect') group by 1""")

    assert {kind for kind, *_ in wrong} == {
        "crawler", "junk", "student", "job_seeker", "competitor",
    }  # fmt: skip
    assert all(count > 80 and buyers == 0 and fit < 0.1 for _, count, buyers, fit in wrong)
    junk = company.rows("select distinct email from leads join truth using (lead) where is_junk")
    assert {("test@test.com",), ("null",), ("asdf@asdf.com",)} <= set(junk)


def test_anonymous_visitors_and_bots_have_no_address_and_prospects_no_events(
    company: Company,
) -> None:
    told = company.number("""
        select count(email) + count(last_name) + count(company) + count(job_title)
        from leads join truth using (lead) where kind in ('visitor', 'crawler')""")
    active = company.number("""
        select count(*) from events join truth using (lead) where kind = 'prospect'""")

    assert (told, active) == (0, 0)


def test_job_seekers_read_job_offers(company: Company) -> None:
    seekers, others = (
        share(company, f"event = 'page' and path like '/jobs%' and {who}")
        / share(company, f"event = 'page' and {who}")
        for who in ("is_job_seeker", "kind = 'lead'")
    )

    assert seekers > 0.4
    assert others < 0.02


def test_a_changed_field_ends_as_the_lead_base_has_it(company: Company) -> None:
    last = company.rows("""
        select field, last.value, job_title, employees from (
          select lead, field, arg_max(value, occurred_at) as value, count(distinct id) as changes
          from events where event = 'field_changed' group by all) last join leads using (lead)
        where last.changes = 2""")

    titles = [(value, title) for field, value, title, _ in last if field == "job_title" and title]
    sizes = [(int(value), size) for field, value, _, size in last if field == "employees" and size]
    assert len(titles) > 100
    assert len(sizes) > 100
    assert sum(value == title for value, title in titles) > 0.97 * len(titles)  # some are junk
    assert all(value == size for value, size in sizes)


def test_real_people_have_addresses_of_their_own_and_companies_domains(company: Company) -> None:
    twice = company.number("""
        select count(*) - count(distinct lower(email)) from leads join truth using (lead)
        where not is_junk and email is not null""")
    domains = company.number("select count(*) - count(distinct domain) from companies")
    reachable = company.number("""
        select count(*) from leads join truth using (lead) where not is_junk
        and lower(email) not like '%.example' and lower(email) not like '%.demo%@%'""")

    assert (twice, domains, reachable) == (0, 0, 0)
