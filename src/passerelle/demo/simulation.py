"""One block of leads, from the first draw to its tables; it depends on its number alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from passerelle.demo.browsing import Visits, come, read_pages
from passerelle.demo.campaigns import Campaigns, plan_campaigns
from passerelle.demo.changes import change_fields
from passerelle.demo.company import found_companies
from passerelle.demo.conversions import FAR, Identities, leave_details
from passerelle.demo.delivery import Delivered, clock_errors, deliver
from passerelle.demo.draws import SECOND, Codes, stream
from passerelle.demo.event_table import event_table
from passerelle.demo.intent import ripen
from passerelle.demo.interactions import attend_webinars, engage_socially, speak_up
from passerelle.demo.lead_table import Known, lead_table
from passerelle.demo.log import Log
from passerelle.demo.mail import prospect_by_mail, send_mailings
from passerelle.demo.noise import crawl, scan_mail, scanned_leads, share_devices
from passerelle.demo.people import People, meet_people, true_fit
from passerelle.demo.population import Population
from passerelle.demo.sales import Desk, hand_over
from passerelle.demo.season import Season, season_until
from passerelle.demo.truth_table import Hidden, company_table, truth_table

BLOCK = 10_000  # part of what a seed means: another size would draw other leads
_COMPANIES_A_LEAD = 0.55
_BLOCKS, _REHEARSAL = 0, 1
_ROOMS, _LEAD_BASE = 24, 24
_REHEARSED = 3_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What all blocks share."""

    seed: int
    season: Season
    campaigns: Campaigns
    activity: float


@dataclass(frozen=True, slots=True)
class Block:
    """The finished tables of some leads, the log they come from, and the block's people."""

    leads: pa.Table
    events: pa.Table
    companies: pa.Table
    truth: pa.Table
    delivered: Delivered
    people: People


def plan_demo(*, seed: int, until: datetime, months: int, events_per_lead: float) -> Plan:
    """Lay out the season; find by rehearsal how active leads must be for `events_per_lead`.

    The rehearsal has its own stream, so that the activity depends on the season alone.
    """
    season = season_until(until, months=months)
    campaigns = plan_campaigns(season)

    def rehearse(activity: float) -> float:
        plan = Plan(0, season, campaigns, activity)
        return len(_live(plan, (_REHEARSAL, 0), _REHEARSED, 0)[0].ids) / _REHEARSED

    least = rehearse(0.01)
    activity = 1.0
    for _ in range(4):
        wanted, had = max(events_per_lead - least, 0.0), rehearse(activity) - least
        activity = float(np.clip(activity * wanted / had, 0.02, 100.0))
    return Plan(seed, season, campaigns, activity)


def simulate_block(plan: Plan, number: int, *, most: int = BLOCK) -> Block:
    """The leads `number * BLOCK + 1` and following, at most `most` of them.

    All BLOCK leads are always drawn, so that the last block of a demo holds what the same block
    of a larger one begins with.
    """
    whole, log, known, hidden = _live(plan, (_BLOCKS, number), BLOCK, number)
    leads, first = min(most, BLOCK), number * BLOCK + 1
    delivered, population = whole.cut(leads), known.population
    rng = stream(plan.seed, _BLOCKS, number, _LEAD_BASE)
    return Block(
        leads=lead_table(rng, known, first=first).slice(0, leads),
        events=event_table(
            delivered, first=first, campaigns=plan.campaigns.names, values=log.values
        ),
        companies=company_table(population.companies, population.people.company[:leads]),
        truth=truth_table(hidden, first=first, leads=leads),
        delivered=delivered,
        people=population.people,
    )


def _live(
    plan: Plan, path: tuple[int, int], size: int, number: int
) -> tuple[Delivered, Log, Known, Hidden]:
    """Let `size` people live through the season; each room draws from a stream of its own."""
    rooms = iter([stream(plan.seed, *path, room) for room in range(_ROOMS)])
    log, population = Log(), _settle(plan, rooms, size, number)
    people = population.people
    visits = come(next(rooms), population)
    read_pages(next(rooms), log, visits)
    identities = leave_details(next(rooms), log, population, visits)
    created = _first_seen(identities, people, visits, plan.season)
    identities = Identities(created, identities.raised_at)
    speak_up(next(rooms), log, visits)
    engage_socially(next(rooms), log, population)
    attend_webinars(next(rooms), log, population, created)
    prospect_by_mail(next(rooms), log, population)
    mail = send_mailings(next(rooms), log, population, created)
    read_pages(next(rooms), log, mail.clicks)
    won_at = hand_over(Desk(next(rooms), log, population), identities)
    crawl(next(rooms), log, population)
    scanned = scanned_leads(population)
    scan_mail(next(rooms), log, mail, scanned)
    spoil = next(rooms)
    shared, borrowed = share_devices(spoil, people, visits)
    read_pages(spoil, log, shared)
    titles, employees = change_fields(next(rooms), log, population, created)
    last = next(rooms)
    clock_error = clock_errors(last, size=size)
    delivered = deliver(last, log.gather(), clock_error, plan.season, block=number)
    known = Known(population, identities, titles, employees)
    return delivered, log, known, Hidden(population, won_at, scanned, borrowed, clock_error)


def _settle(plan: Plan, rooms: Iterator[np.random.Generator], size: int, number: int) -> Population:
    firms = int(size * _COMPANIES_A_LEAD)
    companies = found_companies(next(rooms), size=firms, first=number * BLOCK)
    people = meet_people(next(rooms), companies, plan.campaigns, size=size)
    fit = true_fit(people, companies)
    intents = ripen(next(rooms), people, fit, plan.season, plan.campaigns)
    return Population(
        people=people,
        companies=companies,
        intents=intents,
        arrival=plan.season.instants(next(rooms), intents.first_day),
        season=plan.season,
        campaigns=plan.campaigns,
        activity=plan.activity,
    )


def _first_seen(identities: Identities, people: People, visits: Visits, season: Season) -> Codes:
    """When each key entered the base: by form or list, else (anonymous) at the first visit."""
    seen = np.full(len(people), season.until, dtype=np.int64)
    np.minimum.at(seen, visits.lead, visits.at)
    known = np.where(identities.created_at < FAR, identities.created_at, seen)
    return np.minimum(known, season.until - SECOND)
