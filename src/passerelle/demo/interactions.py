"""What people do beyond reading: webinars, chats, comments, social networks."""

from __future__ import annotations

import numpy as np

from passerelle.demo.browsing import Visits
from passerelle.demo.catalogue import CONTENT, WEBINARS
from passerelle.demo.draws import DAY, HOUR, MINUTE, SECOND, Codes, chance
from passerelle.demo.intent import phase_on
from passerelle.demo.log import Log
from passerelle.demo.population import Population
from passerelle.demo.vocabulary import CHANNEL, FORM, SOURCE

_REGISTERS = np.array([0.012, 0.075, 0.085])
_ATTENDS = np.array([0.42, 0.58, 0.66])
_ASKS = np.array([0.05, 0.15, 0.3])
_CHATS = np.array([0.006, 0.022, 0.055, 0.004, 0.02, 0.02, 0.0])
_COMMENTS = np.array([0.012, 0.014, 0.010, 0.02, 0.0, 0.0, 0.0])


def attend_webinars(
    rng: np.random.Generator, log: Log, population: Population, created_at: Codes
) -> None:
    """Add registrations, attendances and questions at the monthly webinars."""
    people, intents, season = population.people, population.intents, population.season
    listens = people.are("lead", "student", "competitor")
    for number, day in enumerate(population.campaigns.webinar_days):
        start = season.at(np.full(len(people), day), 11 * HOUR)
        alive = listens & (intents.first_day <= day) & (day < intents.quiet_day + 30)
        phase = phase_on(intents, np.arange(len(people)), start * 0 + day)
        here = alive & (created_at < start - DAY) & chance(rng, _REGISTERS[phase], size=len(people))
        lead = np.flatnonzero(here)
        webinar = WEBINARS[number % len(WEBINARS)]
        signed = start[lead] - rng.integers(2 * HOUR, DAY, len(lead))
        log.add("webinar_registered", lead=lead, at=signed, content=webinar, form=FORM["webinar"])
        comes = chance(rng, _ATTENDS[phase[lead]], size=len(lead))
        asks = comes & chance(rng, _ASKS[phase[lead]], size=len(lead))
        joined = start[lead] + rng.integers(-4 * MINUTE, 12 * MINUTE, len(lead))
        stayed = rng.integers(8 * 60, 50 * 60, len(lead))
        log.add("webinar_attended", lead=lead[comes], at=joined[comes], content=webinar,
                seconds=stayed[comes])  # fmt: skip
        question = joined + (stayed * rng.uniform(0.2, 0.9, len(lead))).astype(np.int64) * SECOND
        log.add("webinar_question", lead=lead[asks], at=question[asks], content=webinar)


def speak_up(rng: np.random.Generator, log: Log, visits: Visits) -> None:
    """Add chats and comments in the course of visits."""
    size = len(visits.lead)
    for event, rates in (("chat_started", _CHATS), ("comment_posted", _COMMENTS)):
        which = np.flatnonzero(chance(rng, rates[visits.profile], size=size))
        page = CONTENT["/pricing" if event == "chat_started" else "/blog/planifier-tournees"]
        log.add(
            event, lead=visits.lead[which], content=page, device=visits.device[which],
            at=visits.at[which] + rng.integers(30, 300, len(which)) * SECOND,
            channel=visits.channel[which], source=visits.source[which],
        )  # fmt: skip


def engage_socially(rng: np.random.Generator, log: Log, population: Population) -> None:
    """Add likes, shares and comments on social networks."""
    people, intents, season = population.people, population.intents, population.season
    social = people.channel == CHANNEL["social"]
    rate = np.where(social, 1.1, 0.12) * people.are("lead", "student", "job_seeker")
    lead = np.repeat(np.arange(len(people)), rng.poisson(rate))
    span = np.minimum(intents.quiet_day, season.days) - intents.first_day + 20
    day = intents.first_day[lead] + (rng.random(len(lead)) * span[lead]).astype(np.int64)
    log.add(
        "social_engaged", lead=lead, at=season.instants(rng, day), channel=CHANNEL["social"],
        source=rng.integers(SOURCE["linkedin"], SOURCE["x"] + 1, len(lead)),
    )  # fmt: skip
