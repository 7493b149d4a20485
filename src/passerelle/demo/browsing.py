"""Visits to the site: when each lead comes, how long they stay, which pages they read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.demo.catalogue import PROFILE, reading_table
from passerelle.demo.draws import (
    SECOND,
    Codes,
    Flags,
    chance,
    choose_by_row,
    lognormal,
    ranks_within,
    running_within,
)
from passerelle.demo.intent import PHASES
from passerelle.demo.log import Log
from passerelle.demo.people import People
from passerelle.demo.population import Population
from passerelle.demo.vocabulary import CHANNEL, SOURCE

# Visits a day while a phase lasts, and the chance that another page follows, by phase.
_VISITS_A_DAY = (0.045, 0.10, 0.20)
_READS_ON = np.array([0.42, 0.62, 0.70, 0.55, 0.60, 0.78, 0.5])
_TABLE = reading_table()
_ARRIVES_BY_ITSELF = ("outbound", "events", "customer_referral", "employee_referral", "partner")


@dataclass(frozen=True, slots=True)
class Visits:
    """One row a visit; those of `come` are sorted by lead then time."""

    lead: Codes
    day: Codes
    at: Codes
    profile: Codes
    channel: Codes
    source: Codes
    campaign: Codes
    device: Codes


def come(rng: np.random.Generator, population: Population) -> Visits:
    """The visits of all who browse."""
    people, intents, season = population.people, population.intents, population.season
    leads, days = _returns(rng, population)
    arrives = people.browses & ~np.isin(
        people.channel, [CHANNEL[name] for name in _ARRIVES_BY_ITSELF]
    )
    starters = np.flatnonzero(arrives)
    leads = np.concatenate([starters, leads])
    days = np.concatenate([intents.first_day[starters], days])
    at = season.instants(rng, days)
    profile = (days >= intents.consider_day[leads]).astype(np.int64)
    profile += days >= intents.ripe_day[leads]
    for kind in ("student", "job_seeker", "competitor"):
        profile = np.where(people.are(kind)[leads], PROFILE[kind], profile)
    order = np.lexsort((at, leads))
    leads, days, at, profile = leads[order], days[order], at[order], profile[order]
    first = np.ones(len(leads), dtype=bool)
    first[1:] = leads[1:] != leads[:-1]
    phone = chance(rng, np.where(people.mail_style[leads] < 40, 0.3, 0.0), size=len(leads))
    channel, source, campaign = _provenance(rng, people, leads, first)
    return Visits(leads, days, at, profile, channel, source, campaign, device=2 * leads + phone)


def read_pages(rng: np.random.Generator, log: Log, visits: Visits) -> None:
    """Add the pages of every visit; the seconds of a page are the pause before the next one."""
    size = len(visits.lead)
    pages = np.minimum(rng.geometric(1 - _READS_ON[visits.profile], size), 30)
    visit = np.repeat(np.arange(size), pages)
    lasted = lognormal(rng, 42.0, spread=1.0, size=len(visit))
    pause = np.clip(lasted, 2, 1500).astype(np.int64)
    rank = ranks_within(pages)
    starts = np.cumsum(pages) - pages
    elapsed = running_within(pause, starts=starts, lengths=pages) - pause
    log.add(
        "page",
        lead=visits.lead[visit],
        at=visits.at[visit] + elapsed * SECOND + rng.integers(0, SECOND, len(visit)) * (rank == 0),
        content=choose_by_row(rng, _TABLE, rows=visits.profile[visit]),
        channel=visits.channel[visit],
        source=visits.source[visit],
        campaign=visits.campaign[visit],
        seconds=pause,
        device=visits.device[visit],
    )


def _returns(rng: np.random.Generator, population: Population) -> tuple[Codes, Codes]:
    """A Poisson process per lead and phase, thinned by the weight of the calendar's days."""
    people, intents, season = population.people, population.intents, population.season
    starts = (intents.first_day, intents.consider_day, intents.ripe_day)
    ends = (*starts[1:], intents.quiet_day)
    peak, mean = season.weight.max(), season.weight[: season.days].mean()
    leads, days = [], []
    for phase in range(len(PHASES)):
        begin = np.minimum(starts[phase], season.days)
        end = np.minimum(np.minimum(ends[phase], intents.quiet_day), season.days)
        length = np.maximum(end - begin, 0) * people.browses
        rate = _VISITS_A_DAY[phase] * population.activity * intents.pace * peak / mean
        count = rng.poisson(rate * length)
        lead = np.repeat(np.arange(len(people)), count)
        day = begin[lead] + (rng.random(len(lead)) * length[lead]).astype(np.int64)
        kept = chance(rng, season.weight[day] / peak, size=len(lead))
        leads.append(lead[kept])
        days.append(day[kept])
    return np.concatenate(leads), np.concatenate(days)


def _provenance(
    rng: np.random.Generator, people: People, lead: Codes, first: Flags
) -> tuple[Codes, Codes, Codes]:
    """Channel, source and campaign of each visit: the lead's own at first, then mostly direct."""
    size = len(lead)
    searched = chance(rng, 0.35, size=size)
    channel = np.where(searched, CHANNEL["organic"], CHANNEL["direct"])
    source = np.where(searched, SOURCE["google"], SOURCE["direct"])
    channel = np.where(first, people.channel[lead], channel)
    source = np.where(first, people.source[lead], source)
    return channel, source, np.where(first, people.campaign[lead], -1)
