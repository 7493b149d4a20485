"""What spoils real data on its way in: crawlers, mail scanners, shared devices."""

from __future__ import annotations

import numpy as np

from passerelle.demo.browsing import Visits
from passerelle.demo.catalogue import ARTICLES, CONTENTS, PROFILE
from passerelle.demo.draws import SECOND, Codes, Flags, chance
from passerelle.demo.log import Log
from passerelle.demo.mail import Outcome
from passerelle.demo.people import People
from passerelle.demo.population import Population
from passerelle.demo.vocabulary import CHANNEL, SOURCE


def crawl(rng: np.random.Generator, log: Log, population: Population) -> None:
    """Add bursts of pages, several a second, mostly at night."""
    people, intents, season = population.people, population.intents, population.season
    robots = np.flatnonzero(people.are("crawler"))
    lead = np.repeat(robots, rng.integers(1, 6, len(robots)))
    left = season.days - intents.first_day[lead]
    day = intents.first_day[lead] + (rng.random(len(lead)) * left).astype(np.int64)
    start = season.at(day, rng.integers(0, 6 * 3600, len(lead)) * SECOND)
    pages = rng.integers(8, 45, len(lead))
    burst = np.repeat(np.arange(len(lead)), pages)
    rank = np.arange(len(burst)) - np.repeat(np.cumsum(pages) - pages, pages)
    log.add(
        "page", lead=lead[burst],
        at=start[burst] + rank * 400_000 + rng.integers(0, 300_000, len(burst)),
        content=rng.integers(0, len(CONTENTS), len(burst)), seconds=0, device=2 * lead[burst],
        channel=CHANNEL["crawl"], source=SOURCE["crawler"],
    )  # fmt: skip


def scanned_leads(population: Population) -> Flags:
    """Whose mail passes a security scanner: everyone's with an address at such a company."""
    people, companies = population.people, population.companies
    return companies.scans_mail[people.company] & (people.free_mail < 0) & people.are("lead")


def scan_mail(rng: np.random.Generator, log: Log, mail: Outcome, scanned: Flags) -> None:
    """Add the openings and clicks, seconds after the sending, that no human made."""
    which = np.flatnonzero(scanned[mail.lead] & chance(rng, 0.9, size=len(mail.lead)))
    origin = {"channel": CHANNEL["newsletter"], "source": SOURCE["newsletter"]}
    opened = mail.sent_at[which] + rng.integers(1_000_000, 9_000_000, len(which))
    lead, campaign = mail.lead[which], mail.campaign[which]
    log.add("email_opened", lead=lead, at=opened, campaign=campaign, **origin)
    links = np.repeat(np.arange(len(which)), rng.integers(1, 4, len(which)))
    at = opened[links] + rng.integers(300_000, 6_000_000, len(links))
    log.add("email_clicked", lead=lead[links], at=at, campaign=campaign[links], **origin)
    follows = chance(rng, 0.5, size=len(links))
    log.add(
        "page", lead=lead[links][follows], at=at[follows] + 200_000, seconds=0,
        content=rng.choice(ARTICLES, int(follows.sum())),
        campaign=campaign[links][follows], **origin,
    )  # fmt: skip


def share_devices(rng: np.random.Generator, people: People, visits: Visits) -> tuple[Visits, Codes]:
    """Visits of colleagues at one another's desk, and whose device each lead borrows (or −1)."""
    able = np.flatnonzero(people.are("lead"))
    order = able[np.argsort(people.company[able], kind="stable")]
    pair = people.company[order[1:]] == people.company[order[:-1]]
    pair &= chance(rng, 0.03, size=len(pair))
    borrowed = np.full(len(people), -1, dtype=np.int64)
    borrowed[order[1:][pair]] = order[:-1][pair]
    borrower = np.full(len(people), -1, dtype=np.int64)
    borrower[order[:-1][pair]] = order[1:][pair]
    which = np.flatnonzero((borrower[visits.lead] >= 0) & chance(rng, 0.7, size=len(visits.lead)))
    at = visits.at[which] + rng.integers(40, 600, len(which)) * SECOND
    return Visits(
        lead=borrower[visits.lead[which]], day=visits.day[which], at=at,
        profile=np.full(len(which), PROFILE["awareness"]), channel=visits.channel[which],
        source=visits.source[which], campaign=visits.campaign[which], device=visits.device[which],
    ), borrowed  # fmt: skip
