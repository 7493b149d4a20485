"""The sales side: hand-over, calls, BANT, meetings, opportunities, with the delays of real life."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.demo.conversions import FAR, Identities
from passerelle.demo.draws import DAY, HOUR, MINUTE, Codes, Flags, Floats, chance, choose, lognormal
from passerelle.demo.intent import NEVER
from passerelle.demo.log import Log
from passerelle.demo.people import TITLE_SENIORITY
from passerelle.demo.population import Population
from passerelle.demo.season import Season
from passerelle.demo.titles import AUTHORITY
from passerelle.demo.vocabulary import CHANNEL, CRITERIA, REASON

# The share of each lead channel that marketing hands over without a request from the lead.
_HANDED_OVER = np.array([0.30, 0.30, 0.45, 0.26, 0.95, 0.95, 0.75, 0.5, 0.8])
_AT_SIGHT = ("bad_data", "duplicate", "competitor", "no_need")
_LOST = ("no_budget", "competitor", "bad_timing", "no_need", "unreachable")
_LOST_SHARES = (0.26, 0.28, 0.24, 0.14, 0.08)


@dataclass(frozen=True, slots=True)
class Desk:
    """A sales team at work: its draws, the log it writes, the people it works on."""

    rng: np.random.Generator
    log: Log
    population: Population

    @property
    def season(self) -> Season:
        """The calendar."""
        return self.population.season

    def later(self, since: Codes, *, hours: Floats, spread: float) -> Codes:
        """A log-normal delay after `since`, put off to office hours; never negative."""
        delay = _hours(lognormal(self.rng, hours, spread=spread, size=len(since)))
        return np.maximum(self.season.in_office(self.rng, since + delay), since + MINUTE)


def hand_over(desk: Desk, identities: Identities) -> Codes:
    """Pass leads to sales, once, and again when one returned for its timing has ripened.

    Gives the instant at which each deal is (or will be) won, FAR where it never is.
    """
    won_at = np.full(len(desk.population), FAR, dtype=np.int64)
    handed = _handed_over(desk, identities)
    lead = np.flatnonzero(handed < FAR)
    back = _work(desk, lead, handed[lead], won_at)
    ripe = desk.population.intents.ripe_day[back]
    back, ripe = back[ripe < desk.season.days], ripe[ripe < desk.season.days]
    soon = desk.season.at(ripe, 9 * HOUR) + desk.rng.integers(0, 9 * DAY, len(ripe))
    _work(desk, back, desk.season.in_office(desk.rng, soon), won_at)
    return won_at


def _handed_over(desk: Desk, identities: Identities) -> Codes:
    """The instant of the first hand-over: the request, or marketing's own (early) judgement."""
    rng, season = desk.rng, desk.season
    people, intents = desk.population.people, desk.population.intents
    size = len(people)
    created = np.maximum(identities.created_at, season.at(intents.first_day, 12 * HOUR))
    wants = people.are("lead") & chance(rng, _HANDED_OVER[np.minimum(people.channel, 8)], size=size)
    wants |= people.are("junk", "student", "competitor") & chance(rng, 0.10, size=size)
    interest = season.at(np.minimum(intents.consider_day, season.days + 1), 9 * HOUR)
    soon = created + _hours(lognormal(rng, 60.0, spread=1.2, size=size))
    direct = people.channel >= CHANNEL["customer_referral"]
    later = np.where((intents.consider_day < NEVER) & ~direct, np.maximum(interest, soon), soon)
    judged = np.where(wants, later, FAR)
    asked = np.where(people.identified, identities.raised_at, FAR)
    first = np.minimum(judged, asked)
    return np.where(first < FAR, season.in_office(rng, np.minimum(first, season.until)), FAR)


def _work(desk: Desk, lead: Codes, handed: Codes, won_at: Codes) -> Codes:
    """Work the leads handed over; fill in `won_at`; give those returned for their timing."""
    rng, log = desk.rng, desk.log
    people, intents = desk.population.people, desk.population.intents
    buys = intents.would_buy[lead]
    real = people.are("lead")[lead]
    fate = rng.random(len(lead))
    accepts = real & (fate < np.where(buys, 0.96, 0.45 + 0.45 * intents.fit[lead]))
    refuses = ~accepts & (fate > 0.62)  # the others are never worked at all
    why = _codes(_AT_SIGHT)[choose(rng, (0.3, 0.2, 0.1, 0.4), size=len(lead))]
    why = np.where(people.are("junk")[lead], REASON["bad_data"], why)
    why = np.where(people.are("competitor")[lead], REASON["competitor"], why)
    seen = desk.later(handed, hours=np.where(buys, 3.0, 9.0), spread=1.0)
    log.add("returned", lead=lead[refuses], at=seen[refuses], reason=why[refuses])
    log.add("accepted", lead=lead[accepts], at=seen[accepts])

    lead, seen, buys = lead[accepts], seen[accepts], buys[accepts]
    reached, at = _call(desk, lead, seen, buys)
    lead, at, buys = lead[reached], at[reached], buys[reached]
    met = _assess(desk, lead, at)
    good = met.all(axis=1) | ((met.sum(axis=1) == 3) & buys)
    done = at + 15 * MINUTE
    missing = np.argmin(met, axis=1)  # the first criterion that is not met, in the order of BANT
    reason = np.array([REASON[f"no_{name}"] for name in CRITERIA[:3]] + [REASON["bad_timing"]])
    log.add("returned", lead=lead[~good], at=done[~good] + HOUR, reason=reason[missing[~good]])
    won_at[lead[good]] = _sell(desk, lead[good], done[good], buys[good])
    unripe: Codes = lead[~good & buys & (missing == 3)]
    return unripe


def _call(desk: Desk, lead: Codes, since: Codes, buys: Flags) -> tuple[Flags, Codes]:
    """Up to five calls; says who was reached and at which instant (the last call)."""
    rng, log = desk.rng, desk.log
    answers = np.where(buys, 0.62, 0.36)
    reached = np.zeros(len(lead), dtype=bool)
    at = desk.later(since, hours=np.full(len(lead), 2.5), spread=1.1)
    for attempt in range(5):
        trying = ~reached
        if attempt:
            again = desk.later(at, hours=np.full(len(lead), 26.0), spread=0.6)
            at = np.where(trying, again, at)
        log.add("call_made", lead=lead[trying], at=at[trying])
        reached |= trying & chance(rng, answers, size=len(lead))
    log.add("contacted", lead=lead[reached], at=at[reached] + MINUTE)
    gone = desk.later(at, hours=np.full(len(lead), 24.0), spread=0.5)
    log.add("returned", lead=lead[~reached], at=gone[~reached], reason=REASON["unreachable"])
    return reached, at


def _assess(desk: Desk, lead: Codes, at: Codes) -> Flags:
    """Add the four assessments of BANT; what is found leans on the hidden truth."""
    rng, people, intents = desk.rng, desk.population.people, desk.population.intents
    buys = intents.would_buy[lead]
    ripe = desk.season.local_days(at) >= intents.ripe_day[lead] - 10
    shops = ripe & ~buys  # ripe, but will end up elsewhere: the deals that are lost
    decides = np.array(AUTHORITY)[TITLE_SENIORITY[people.title[lead]]]
    likely = np.column_stack([
        np.where(buys, 0.94, np.where(shops, 0.78, 0.25 + 0.2 * intents.intent[lead])),
        np.where(buys, 0.6 + 0.4 * decides, 0.3 + 0.65 * decides),
        np.where(buys, 0.98, np.where(shops, 0.92, 0.15 + 0.5 * intents.fit[lead])),
        np.where(ripe, np.where(buys, 0.96, 0.88), np.where(buys, 0.5, 0.25)),
    ])  # fmt: skip
    met: Flags = rng.random(likely.shape) < likely
    for criterion in range(len(CRITERIA)):
        said = at + (3 * criterion + 2) * MINUTE + rng.integers(0, MINUTE, len(lead))
        desk.log.add("bant_assessed", lead=lead, at=said, criterion=criterion,
                met=met[:, criterion].astype(np.int64))  # fmt: skip
    return met


def _sell(desk: Desk, lead: Codes, at: Codes, buys: Flags) -> Codes:
    """Meeting, opportunity, and months later the signature or the loss; when it is won."""
    rng, log = desk.rng, desk.log
    booked = at + rng.integers(5, 50, len(lead)) * MINUTE
    log.add("meeting_booked", lead=lead, at=booked)
    opens = chance(rng, np.where(buys, 0.97, 0.72), size=len(lead))
    opened = desk.later(booked, hours=np.full(len(lead), 9 * 24.0), spread=0.5)
    log.add("opportunity_created", lead=lead[opens], at=opened[opens])
    wins = opens & buys & chance(rng, 0.93, size=len(lead))
    # Weibull with shape 1.7: a cycle of three to six months, seldom shorter, sometimes a year.
    cycle = 24.0 * np.where(wins, 105.0, 125.0) * rng.weibull(1.7, len(lead)) + 24 * 7
    closed = desk.season.in_office(rng, opened + _hours(cycle))
    log.add("deal_won", lead=lead[wins], at=closed[wins])
    loses = opens & ~wins
    reason = _codes(_LOST)[choose(rng, _LOST_SHARES, size=len(lead))]
    log.add("deal_lost", lead=lead[loses], at=closed[loses], reason=reason[loses])
    return np.where(wins, closed, FAR)


def _hours(hours: Floats) -> Codes:
    return (hours * HOUR).astype(np.int64)


def _codes(reasons: tuple[str, ...]) -> Codes:
    return np.array([REASON[name] for name in reasons])
