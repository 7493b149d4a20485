"""E-mail: prospecting sequences, newsletters and nurturing, and what becomes of each message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerelle.demo.browsing import Visits
from passerelle.demo.draws import DAY, HOUR, SECOND, Codes, Flags, Floats, chance, lognormal
from passerelle.demo.intent import phase_on
from passerelle.demo.log import Log
from passerelle.demo.population import Population
from passerelle.demo.season import Season
from passerelle.demo.vocabulary import CHANNEL, SOURCE

Grid = NDArray[np.bool_]  # leads × mailings

_SENT = 0.3  # the share of the weekly mailings that one subscriber is chosen for
_OPENS = np.array([0.20, 0.34, 0.46])
_CLICKS = np.array([0.07, 0.17, 0.26])
_LEAVES, _ANSWERS = 0.012, 0.02


@dataclass(frozen=True, slots=True)
class Outcome:
    """The messages of a block: who got which and when; `clicks` are visits still to be read."""

    lead: Codes
    sent_at: Codes
    campaign: Codes
    clicks: Visits


def prospect_by_mail(rng: np.random.Generator, log: Log, population: Population) -> None:
    """Add the prospecting messages before each positive answer, and the answer itself."""
    people, arrival = population.people, population.arrival
    lead = np.flatnonzero((people.channel == CHANNEL["outbound"]) & people.are("lead"))
    origin = {"channel": CHANNEL["outbound"], "source": SOURCE["sdr"]}
    for days_before in (10, 6, 2):
        at = arrival[lead] - days_before * DAY + rng.integers(0, 2 * HOUR, len(lead))
        campaign = people.campaign[lead]
        log.add("email_sent", lead=lead, at=at, campaign=campaign, **origin)
        opens = chance(rng, 0.45, size=len(lead)) | (days_before == 2)
        delay = rng.integers(10 * 60, 36 * 3600, int(opens.sum())) * SECOND
        log.add("email_opened", lead=lead[opens], at=at[opens] + delay, campaign=campaign[opens],
                **origin)  # fmt: skip
    log.add("outbound_replied", lead=lead, at=arrival[lead], campaign=people.campaign[lead],
            **origin)  # fmt: skip


def send_mailings(
    rng: np.random.Generator, log: Log, population: Population, created_at: Codes
) -> Outcome:
    """Add the weekly mailings with their bounces, openings, clicks, answers and departures."""
    people, intents, season = population.people, population.intents, population.season
    campaigns = population.campaigns
    reachable = np.flatnonzero(people.are("lead", "junk", "student", "competitor"))
    reachable = reachable[chance(rng, 0.78, size=len(reachable))]
    dead = people.are("junk")[reachable] | chance(rng, 0.018, size=len(reachable))
    days = campaigns.mailing_days
    shape = (len(reachable), len(days))
    at = season.at(days, 10 * HOUR)[None, :] + rng.integers(0, 1800, shape) * SECOND
    sent: Grid = (at > created_at[reachable][:, None]) & (
        rng.random(shape) < _SENT * population.activity
    )
    phase = phase_on(intents, reachable[:, None], days[None, :])
    faded = np.where(days[None, :] > intents.quiet_day[reachable][:, None], 0.55, 1.0)
    opened: Grid = sent & ~dead[:, None] & (rng.random(shape) < _OPENS[phase] * faded)
    clicked: Grid = opened & (rng.random(shape) < _CLICKS[phase] * faded)
    leaves: Grid = opened & ~clicked & (rng.random(shape) < _LEAVES)
    ends = leaves | (sent & dead[:, None])
    live: Grid = (
        np.cumsum(ends, axis=1) - ends == 0
    )  # nothing is sent after a departure or a bounce

    row, column = np.nonzero(sent & live)
    lead, when = reachable[row], at[row, column]
    campaign = campaigns.first_mailing + column
    origin = {"channel": CHANNEL["newsletter"], "source": SOURCE["newsletter"]}
    log.add("email_sent", lead=lead, at=when, campaign=campaign, **origin)

    def follow(event: str, which: Flags, instants: Codes) -> None:
        log.add(event, lead=lead[which], at=instants[which], campaign=campaign[which], **origin)

    opening = when + _seconds(lognormal(rng, 2.5 * 3600, spread=1.5, size=len(when)))
    click = opening + rng.integers(3, 90, len(when)) * SECOND
    answer = opening + rng.integers(120, 4 * 3600, len(when)) * SECOND
    clicks = clicked[row, column]
    follow("email_bounced", dead[row], when + rng.integers(2, 600, len(when)) * SECOND)
    follow("email_opened", opened[row, column], opening)
    follow("email_clicked", clicks, click)
    follow("email_replied", clicks & chance(rng, _ANSWERS, size=len(when)), answer)
    follow("email_unsubscribed", leaves[row, column], opening + 20 * SECOND)
    return Outcome(
        lead=lead,
        sent_at=when,
        campaign=campaign,
        clicks=_visits(lead[clicks], click[clicks], phase[row, column][clicks],
                       campaign[clicks], season),
    )  # fmt: skip


def _visits(lead: Codes, click: Codes, phase: Codes, campaign: Codes, season: Season) -> Visits:
    newsletter = np.full(len(lead), CHANNEL["newsletter"])
    source = np.full(len(lead), SOURCE["newsletter"])
    landing = click + 2 * SECOND
    days = season.local_days(landing)
    return Visits(lead, days, landing, phase, newsletter, source, campaign, device=2 * lead)


def _seconds(seconds: Floats) -> Codes:
    return np.maximum(seconds, 30).astype(np.int64) * SECOND
