"""Forms: how a visitor leaves details, downloads more, and at last asks for a demo or a quote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.demo.browsing import Visits
from passerelle.demo.catalogue import CONTENT, CONTENTS
from passerelle.demo.draws import DAY, HOUR, SECOND, Codes, Flags, chance, choose_by_row
from passerelle.demo.log import Log
from passerelle.demo.people import People
from passerelle.demo.population import Population
from passerelle.demo.vocabulary import CHANNEL, FORM, FORMS, HAND_RAISES

FAR = np.iinfo(np.int64).max // 2  # an instant that never comes
_PAGE_OF = {
    "demo": "/demo", "contact": "/contact", "trial": "/trial", "quote": "/quote",
    "application": "/jobs", "newsletter": "/blog/planifier-tournees",
}  # fmt: skip
_OFFERS = {
    form: np.array([i for i, c in enumerate(CONTENTS) if c.asset and c.kind == form])
    for form in ("ebook", "white_paper", "webinar")
}
_EVENT_OF_FORM = dict(zip(("demo", "contact", "trial", "quote"), HAND_RAISES, strict=True))
_RAISES = tuple(_EVENT_OF_FORM)
# Which form a visitor first fills in (columns: FORMS), by reading profile (rows: PROFILES).
_FIRST_FORMS = np.array([
    [30, 45, 18, 7, 0, 1.5, 0.3, 0.2, 0, 0, 0, 0], [16, 34, 24, 14, 4, 5, 3, 1, 0, 0, 0, 0],
    [6, 16, 16, 10, 22, 14, 12, 6, 0, 0, 0, 0], [12, 50, 36, 6, 0, 2, 1, 0, 0, 0, 0, 0],
    [4, 0, 0, 0, 0, 22, 0, 0, 0, 0, 0, 74], [10, 10, 12, 16, 22, 2, 28, 0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
])  # fmt: skip
_DOWNLOADS_AGAIN = np.array([0.10, 0.17, 0.12, 0.35, 0.0, 0.10, 0.0])
_RAISES_HAND = np.array([0.004, 0.016, 0.085, 0.004, 0.0, 0.035, 0.0])
_RAISED = np.array([0.42, 0.26, 0.2, 0.12])


@dataclass(frozen=True, slots=True)
class Identities:
    """When each lead key entered the base, and when it first raised its hand (FAR: never)."""

    created_at: Codes
    raised_at: Codes


def leave_details(
    rng: np.random.Generator, log: Log, population: Population, visits: Visits
) -> Identities:
    """Add the forms, downloads and requests of everyone; say when each became a lead."""
    people, intents = population.people, population.intents
    created, raised = _enter_base(rng, log, population)
    chosen = _first_form_visits(rng, people, visits)
    forms = choose_by_row(rng, _FIRST_FORMS, rows=visits.profile[chosen])
    lead = visits.lead[chosen]
    created[lead] = _fill_in(rng, log, visits, chosen, forms)
    is_raise = np.isin(forms, [FORM[name] for name in _RAISES])
    raised[lead[is_raise]] = created[lead[is_raise]]

    later = people.identified[visits.lead] & (visits.at > created[visits.lead] + HOUR)
    again = later & chance(rng, _DOWNLOADS_AGAIN[visits.profile], size=len(later))
    offers = np.where(chance(rng, 0.6, size=len(later)), FORM["ebook"], FORM["white_paper"])
    _fill_in(rng, log, visits, np.flatnonzero(again), offers[again])

    eager = np.where(intents.would_buy[visits.lead], 1.7, 1.0) * _RAISES_HAND[visits.profile]
    asks = np.flatnonzero(later & chance(rng, eager, size=len(later)))
    table = np.zeros((1, len(FORMS)))
    table[0, [FORM[name] for name in _RAISES]] = _RAISED
    wanted = choose_by_row(rng, table, rows=np.zeros(len(asks), dtype=np.int64))
    _, once = np.unique(visits.lead[asks] * len(FORMS) + wanted, return_index=True)
    asks, wanted = asks[once], wanted[once]
    np.minimum.at(raised, visits.lead[asks], _fill_in(rng, log, visits, asks, wanted))
    return Identities(np.where(created == FAR, raised, created), raised)


def _enter_base(rng: np.random.Generator, log: Log, population: Population) -> tuple[Codes, Codes]:
    """Those who do not come by a form of the site: lists, badges scanned, recommendations."""
    people, arrival, season = population.people, population.arrival, population.season
    size = len(people)
    created = np.full(size, FAR, dtype=np.int64)
    raised = created.copy()
    entered = {
        "badge_scan": people.channel == CHANNEL["events"],
        "referral": _is_referral(people.channel),
        "partner": people.channel == CHANNEL["partner"],
    }
    for form, which in entered.items():
        lead = np.flatnonzero(which & people.identified)
        created[lead] = arrival[lead]
        log.add(
            "form_submitted", lead=lead, at=arrival[lead], form=FORM[form],
            channel=people.channel[lead], source=people.source[lead],
            campaign=people.campaign[lead],
        )  # fmt: skip
    # A list is bought a fortnight before the first answer to prospecting comes in.
    outbound = (people.channel == CHANNEL["outbound"]) & people.identified
    wait = np.where(people.are("prospect"), 0, 14 * DAY)
    created = np.where(outbound, season.at(population.intents.first_day, 8 * HOUR) - wait, created)
    asks = np.flatnonzero(_is_referral(people.channel) & chance(rng, 0.35, size=size))
    asks = asks[people.identified[asks]]
    raised[asks] = arrival[asks] + rng.integers(0, 600, len(asks)) * SECOND
    log.add("contact_requested", lead=asks, at=raised[asks], form=FORM["contact"],
            channel=people.channel[asks], source=people.source[asks])  # fmt: skip
    return created, raised


def _first_form_visits(rng: np.random.Generator, people: People, visits: Visits) -> Codes:
    """The visit on which each person who comes by the site leaves details, mostly the first."""
    count = np.bincount(visits.lead, minlength=len(people))
    start = np.cumsum(count) - count
    inbound = people.identified & (people.channel <= CHANNEL["social"]) & (count > 0)
    lead = np.flatnonzero(inbound)
    return start[lead] + (count[lead] * rng.random(len(lead)) ** 3).astype(np.int64)


def _fill_in(
    rng: np.random.Generator, log: Log, visits: Visits, chosen: Codes, forms: Codes
) -> Codes:
    """Add the page, the form and what follows from it, during the `chosen` visits."""
    at = visits.at[chosen] + rng.integers(70, 420, len(chosen)) * SECOND
    content = np.zeros(len(chosen), dtype=np.int64)
    for name, path in _PAGE_OF.items():
        content[forms == FORM[name]] = CONTENT[path]
    for name, offers in _OFFERS.items():
        which = forms == FORM[name]
        content[which] = offers[rng.integers(0, len(offers), int(which.sum()))]
    origin = {
        "channel": visits.channel[chosen], "source": visits.source[chosen],
        "campaign": visits.campaign[chosen], "device": visits.device[chosen], "content": content,
    }  # fmt: skip
    lead = visits.lead[chosen]
    pause = rng.integers(20, 60, len(chosen))
    log.add("page", lead=lead, at=at - pause * SECOND, seconds=pause, **origin)
    log.add("form_submitted", lead=lead, at=at, form=forms, **origin)
    follows = {FORM["newsletter"]: "newsletter_subscribed", FORM["webinar"]: "webinar_registered"}
    follows |= {FORM["ebook"]: "download", FORM["white_paper"]: "download"}
    follows |= {FORM[form]: event for form, event in _EVENT_OF_FORM.items()}
    for form, event in follows.items():
        which = forms == form
        chosen_origin = {name: column[which] for name, column in origin.items()}
        when = at[which] + SECOND
        log.add(event, lead=lead[which], at=when, form=form, **chosen_origin)
    return at


def _is_referral(channel: Codes) -> Flags:
    return np.isin(channel, [CHANNEL["customer_referral"], CHANNEL["employee_referral"]])
