"""The hidden process: how much each person really wants it, when that ripens, who would buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.demo.campaigns import Campaigns
from passerelle.demo.draws import Codes, Flags, Floats, chance, choose, lognormal, sigmoid
from passerelle.demo.people import People
from passerelle.demo.season import Season
from passerelle.demo.vocabulary import KIND, LEAD_CHANNELS

NEVER = 1_000_000  # a day beyond every window
PHASES = ("awareness", "consideration", "decision")

# Per lead channel: the two parameters of the beta law of peak intent, the logit that brings the
# share of buyers where the company's books have it, and the share that arrives ripe.
_INTENT_A = np.array([2.2, 1.8, 1.2, 1.5, 4.0, 3.6, 1.8, 2.2, 3.0])
_INTENT_B = np.array([3.8, 4.5, 6.0, 5.0, 3.2, 3.4, 4.5, 3.5, 3.2])
_BUYER_LOGIT = np.array([-3.8, -3.9, -3.4, -3.6, -2.1, -2.0, -3.9, -3.9, -3.2])
_RIPE_ON_ARRIVAL = np.array([0.16, 0.10, 0.02, 0.04, 0.55, 0.45, 0.12, 0.14, 0.30])
_CHANNELS = len(LEAD_CHANNELS)


@dataclass(frozen=True, slots=True)
class Intents:
    """One row a lead key; days count from the first of the season, NEVER stands for no such day."""

    fit: Floats
    intent: Floats
    would_buy: Flags
    first_day: Codes
    consider_day: Codes
    ripe_day: Codes
    quiet_day: Codes
    pace: Floats


def ripen(
    rng: np.random.Generator, people: People, fit: Floats, season: Season, campaigns: Campaigns
) -> Intents:
    """Draw each person's peak intent and the days on which it passes from phase to phase."""
    size = len(people)
    channel = np.minimum(people.channel, _CHANNELS - 1)
    buyer = people.are("lead", "visitor", "prospect")
    intent = _peak_intent(rng, people, channel, buyer)
    logit = _BUYER_LOGIT[channel] + 4.0 * (fit - 0.5) + 6.0 * (intent - 0.4)
    would_buy = buyer & chance(rng, sigmoid(logit), size=size)

    considers = would_buy | (buyer & chance(rng, sigmoid((intent - 0.36) / 0.08), size=size))
    decides = would_buy | (considers & chance(rng, sigmoid((intent - 0.56) / 0.07), size=size))
    ripe_at_once = decides & chance(rng, _RIPE_ON_ARRIVAL[channel], size=size)
    dawning = np.where(ripe_at_once, 0, 26.0 * rng.weibull(0.9, size)).astype(np.int64)
    growing = np.where(ripe_at_once, 0, lognormal(rng, 22.0, spread=0.8, size=size))

    first_day = _first_days(rng, people, season, campaigns)
    consider_day = np.where(considers, first_day + dawning, NEVER)
    ripe_day = np.where(decides, consider_day + growing.astype(np.int64), NEVER)
    return Intents(
        fit=fit,
        intent=intent,
        would_buy=would_buy,
        first_day=first_day,
        consider_day=consider_day,
        ripe_day=ripe_day,
        quiet_day=_quiet_days(rng, first_day, consider_day, ripe_day),
        pace=rng.gamma(2.0, 0.5, size),
    )


def phase_on(intents: Intents, leads: Codes, days: Codes) -> Codes:
    """The phase (index into PHASES) in which each of `leads` is on each of `days`."""
    return (days >= intents.consider_day[leads]).astype(np.int64) + (
        days >= intents.ripe_day[leads]
    )


def _peak_intent(rng: np.random.Generator, people: People, channel: Codes, buyer: Flags) -> Floats:
    intent = rng.beta(_INTENT_A[channel], _INTENT_B[channel])
    cold = rng.beta(1.0, 14.0, len(people))
    prospect = people.kind == KIND["prospect"]
    intent = np.where(prospect, rng.beta(1.3, 8.0, len(people)), intent)
    return np.where(buyer, intent, cold)


def _first_days(
    rng: np.random.Generator, people: People, season: Season, campaigns: Campaigns
) -> Codes:
    """Arrivals follow the calendar and a growing business; trade shows and lists come in lots."""
    growth = np.linspace(1.0, 1.6, season.days)
    days = choose(rng, season.weight[: season.days] * growth, size=len(people))
    shows = campaigns.show_days
    at_show = people.channel == LEAD_CHANNELS.index("events")
    show = shows[np.clip(people.campaign - campaigns.first_show, 0, len(shows) - 1)]
    show = show + rng.integers(0, 3, len(people))
    lots = (np.arange(4) * season.days) // 4
    listed = people.kind == KIND["prospect"]
    lot = season.next_working[lots[rng.integers(0, len(lots), len(people))]]
    days = np.where(at_show, season.next_working[show], days)
    return np.minimum(np.where(listed, lot, days), season.days - 1)


def _quiet_days(rng: np.random.Generator, first: Codes, consider: Codes, ripe: Codes) -> Codes:
    """The day from which a lead is silent: half of the curious never come back after one visit."""
    size = len(first)
    curious = np.where(chance(rng, 0.5, size=size), 1.0, 1 + rng.exponential(70.0, size))
    weighing = 3 + rng.exponential(45.0, size)
    deciding = 10 + lognormal(rng, 45.0, spread=0.6, size=size)
    quiet = np.where(consider < NEVER, consider + weighing, first + curious)
    return np.where(ripe < NEVER, ripe + deciding, quiet).astype(np.int64)
