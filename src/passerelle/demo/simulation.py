"""One block of leads from first draw to finished tables; blocks depend on nothing but their number."""

from __future__ import annotations

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
from passerelle.demo.sales import hand_over
from passerelle.demo.season import Season, season_until
from passerelle.demo.truth_table import Hidden, company_table, truth_table

BLOCK = 10_000  # part of what a seed means: another size would draw other leads
_COMPANIES_A_LEAD = 0.55
_BLOCKS, _REHEARSAL = 0, 1
_ROOMS, _LEAD_BASE = 16, 16
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
    delivered, people = whole.cut(leads), known.people
    rng = stream(plan.seed, _BLOCKS, number, _LEAD_BASE)
    return Block(
        leads=lead_table(rng, known, first=first).slice(0, leads),
        events=event_table(
            delivered, first=first, campaigns=plan.campaigns.names, values=log.values
        ),
        companies=company_table(known.companies, people.company[:leads]),
        truth=truth_table(hidden, plan.season, first=first, leads=leads),
        delivered=delivered,
        people=people,
    )


def _live(
    plan: Plan, path: tuple[int, int], size: int, number: int
) -> tuple[Delivered, Log, Known, Hidden]:
    """Let `size` people live through the season; each room draws from a stream of its own."""
    rooms = iter([stream(plan.seed, *path, room) for room in range(_ROOMS)])
    season, campaigns, activity, log = plan.season, plan.campaigns, plan.activity, Log()
    companies = found_companies(
        next(rooms), size=int(size * _COMPANIES_A_LEAD), first=number * BLOCK
    )
    people = meet_people(next(rooms), companies, campaigns, size=size)
    intents = ripen(next(rooms), people, true_fit(people, companies), season, campaigns)
    visits = come(next(rooms), people, intents, season, activity=activity)
    read_pages(next(rooms), log, visits)
    forms = next(rooms)
    arrival = season.instants(forms, intents.first_day)
    identities = leave_details(forms, log, people, intents, visits, season, arrival)
    created = _first_seen(identities, people, visits, season)
    identities = Identities(created, identities.raised_at)
    speak = next(rooms)
    speak_up(speak, log, visits)
    engage_socially(speak, log, people, intents, season)
    attend_webinars(next(rooms), log, people, intents, campaigns, season, created)
    prospect_by_mail(next(rooms), log, people, arrival)
    mail = send_mailings(
        next(rooms), log, people, intents, campaigns, season, created, activity=activity
    )
    read_pages(next(rooms), log, mail.clicks)
    deals = hand_over(next(rooms), log, people, intents, identities, season)
    spoil = next(rooms)
    crawl(spoil, log, people, intents, season)
    scanned = scanned_leads(people, companies)
    scan_mail(spoil, log, mail, scanned)
    shared, borrowed = share_devices(spoil, people, visits)
    read_pages(spoil, log, shared)
    titles, employees = change_fields(next(rooms), log, people, companies, created, season)
    last = next(rooms)
    clock_error = clock_errors(last, size=size)
    delivered = deliver(last, log.gather(), clock_error, season, block=number)
    known = Known(people, companies, intents, identities, campaigns, titles, employees)
    return delivered, log, known, Hidden(
        people, intents, deals.won_at, scanned, borrowed, clock_error
    )


def _first_seen(identities: Identities, people: People, visits: Visits, season: Season) -> Codes:
    """When each key entered the base: by form or list, else (anonymous) at the first visit."""
    seen = np.full(len(people), season.until, dtype=np.int64)
    np.minimum.at(seen, visits.lead, visits.at)
    known = np.where(identities.created_at < FAR, identities.created_at, seen)
    return np.minimum(known, season.until - SECOND)
