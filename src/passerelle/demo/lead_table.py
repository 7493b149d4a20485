"""The lead base as the company knows it: what was told, mistyped or never asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from passerelle.demo.columns import coded, instants, lead_keys, numbers, texts
from passerelle.demo.company import COUNTRIES, INDUSTRIES, TOOLS, slug
from passerelle.demo.conversions import FAR, Identities
from passerelle.demo.draws import Codes, Flags, chance, choose, lognormal
from passerelle.demo.intent import NEVER, Intents
from passerelle.demo.names import (
    FICTION_PHONES,
    FIRST_NAMES,
    FREE_MAIL,
    JUNK_EMAILS,
    JUNK_NAMES,
    JUNK_TITLES,
    LAST_NAMES,
)
from passerelle.demo.people import TITLE_SENIORITY
from passerelle.demo.population import Population
from passerelle.demo.titles import SENIORITIES, TITLES
from passerelle.demo.vocabulary import LEAD_CHANNELS

NEEDS = (
    "scheduling", "mobile_app", "invoicing", "preventive_maintenance", "compliance", "reporting",
)  # fmt: skip
_NEED_SHARES = (30, 22, 14, 16, 8, 10)
TIMINGS = ("now", "this_quarter", "half_year", "next_year", "unknown")
DEPARTMENTS = tuple(sorted({title.department for title in TITLES}))

# How freely people of each channel tell about themselves, and how easily each field is told.
_OPENNESS = np.array([0.55, 0.50, 0.35, 0.30, 0.85, 0.80, 0.75, 0.62, 0.80])
_EASE = {
    "job_title": 1.15, "company": 1.3, "phone": 0.6, "employees": 0.85, "industry": 0.9,
    "country": 1.6, "region": 0.9, "seniority": 0.75, "department": 0.75, "tools": 0.4,
    "ad_spend": 0.12, "budget": 0.2, "need": 0.42, "timing": 0.35,
}  # fmt: skip
_TOLD_WHEN_ASKING = 0.35
_FIRST_SLUGS = tuple(slug(name) for name in FIRST_NAMES)
_LAST_SLUGS = tuple(slug(name) for name in LAST_NAMES)
_TITLE_DEPARTMENT = np.array([DEPARTMENTS.index(title.department) for title in TITLES])


@dataclass(frozen=True, slots=True)
class Known:
    """The rooms that the lead base is written from."""

    population: Population
    identities: Identities
    titles: list[str]
    employees: Codes


def lead_table(rng: np.random.Generator, known: Known, *, first: int) -> pa.Table:
    """The lead base of one block whose first lead has the number `first`."""
    people, companies = known.population.people, known.population.companies
    company = people.company
    size = len(people)
    told = _told(rng, known)
    named = people.identified
    junk = people.are("junk")
    firsts, lasts, emails = _identity_texts(known, first=first)
    titles = [
        JUNK_TITLES[style % len(JUNK_TITLES)] if spoilt else title
        for style, spoilt, title in zip(
            people.mail_style.tolist(), (junk | (people.mail_style == 7)).tolist(), known.titles,
            strict=True,
        )
    ]  # fmt: skip
    picks = company.tolist()
    sure = ~junk
    money = lognormal(rng, 90.0 * companies.employees[company] ** 0.8, spread=0.6, size=size)
    own_domain = told["company"] & sure & (people.free_mail < 0)
    seniority, department = TITLE_SENIORITY[people.title], _TITLE_DEPARTMENT[people.title]
    source = np.where(people.channel < len(LEAD_CHANNELS), people.channel, 0)
    ad_spend = companies.ad_spend[company].astype(np.int64)

    def when(name: str, codes: Codes) -> Codes:
        return np.where(told[name] & sure, codes, -1)

    return pa.table({
        "lead": lead_keys(first + np.arange(size)),
        "email": texts(emails, named & ~(people.are("prospect") & chance(rng, 0.2, size=size))),
        "first_name": texts(firsts, named),
        "last_name": texts(lasts, named),
        "company": texts([companies.name[i] for i in picks], told["company"] & sure),
        "domain": texts([companies.domain[i] for i in picks], own_domain),
        "job_title": texts(titles, told["job_title"]),
        "seniority": coded(when("seniority", seniority), SENIORITIES),
        "department": coded(when("department", department), DEPARTMENTS),
        "employees": numbers(known.employees, told["employees"] & sure, pa.int32()),
        "industry": coded(when("industry", companies.industry[company]), INDUSTRIES),
        "country": coded(when("country", companies.country[company]), COUNTRIES),
        "region": texts([companies.region[i] for i in picks], told["region"]),
        "source": coded(source, LEAD_CHANNELS),
        "campaign": coded(people.campaign, known.population.campaigns.names),
        "budget": numbers(np.round(money, -2).astype(np.int64), told["budget"] & sure, pa.int64()),
        "ad_spend": numbers(ad_spend, told["ad_spend"] & sure, pa.int64()),
        "tools": coded(when("tools", companies.tool[company]), TOOLS),
        "phone": _phones(rng, known, told["phone"]),
        "need": coded(when("need", choose(rng, _NEED_SHARES, size=size)), NEEDS),
        "timing": coded(when("timing", _timings(rng, known.population.intents)), TIMINGS),
        "created_at": instants(known.identities.created_at),
    })  # fmt: skip


def _told(rng: np.random.Generator, known: Known) -> dict[str, Flags]:
    """Which fields are known of whom: it depends on the channel and on having asked for a demo."""
    people = known.population.people
    openness = _OPENNESS[np.minimum(people.channel, len(_OPENNESS) - 1)]
    asked = np.where(known.identities.raised_at < FAR, _TOLD_WHEN_ASKING, 0.0)
    told = {}
    for name, ease in _EASE.items():
        listed = people.are("prospect") & (ease >= 0.75)
        answers = chance(rng, openness * ease + asked, size=len(people)) | listed
        told[name] = answers & people.identified
    student = people.are("student", "job_seeker")
    for name in ("company", "employees", "industry", "seniority", "department", "tools"):
        told[name] &= ~student
    for name in ("budget", "need", "timing", "ad_spend"):
        told[name] &= ~(student | people.are("prospect"))
    told["job_title"] |= people.are("student")
    return told


def _identity_texts(known: Known, *, first: int) -> tuple[list[str], list[str], list[str]]:
    people = known.population.people
    firsts, lasts, emails, taken = [], [], [], set[str]()
    rows = zip(
        people.first.tolist(), people.last.tolist(), people.company.tolist(),
        people.free_mail.tolist(), people.mail_style.tolist(), people.are("junk").tolist(),
        strict=True,
    )  # fmt: skip
    for row, (given, family, company, provider, style, junk) in enumerate(rows):
        if junk:
            firsts.append(JUNK_NAMES[style % len(JUNK_NAMES)])
            lasts.append(JUNK_NAMES[(style * 7 + 3) % len(JUNK_NAMES)])
            emails.append(JUNK_EMAILS[(style + row) % len(JUNK_EMAILS)])
            continue
        a, b = _FIRST_SLUGS[given], _LAST_SLUGS[family]
        if provider >= 0:  # numbered, so that no living person has this address
            email = f"{a}.{b}.demo{first + row}@{FREE_MAIL[provider]}"
        else:
            email = f"{_local_part(a, b, style)}@{known.population.companies.domain[company]}"
            email = f"{a}.{b}.{row}{email[email.index('@') :]}" if email in taken else email
            taken.add(email)
        loud = style in (93, 94)
        firsts.append(FIRST_NAMES[given].upper() if loud else FIRST_NAMES[given])
        lasts.append(LAST_NAMES[family].upper() if loud or style == 95 else LAST_NAMES[family])
        emails.append(email.upper() if style == 93 else email)
    return firsts, lasts, emails


def _local_part(first: str, last: str, style: int) -> str:
    if style < 60:
        return f"{first}.{last}"
    if style < 82:
        return f"{first[0]}.{last}"
    return first if style < 90 else f"{last}.{first}"


def _phones(rng: np.random.Generator, known: Known, told: Flags) -> pa.Array:
    """Numbers of the ranges kept for fiction; other countries have none."""
    digits = rng.integers(0, 10_000, len(told)).tolist()
    countries = known.population.companies.country[known.population.people.company].tolist()
    phones: list[str | None] = []
    for number, country, kept in zip(digits, countries, told.tolist(), strict=True):
        shapes = FICTION_PHONES.get(COUNTRIES[country], ())
        if not kept or not shapes:
            phones.append(None)
            continue
        shape = shapes[number % len(shapes)]
        for pair in (number // 100, number % 100):
            shape = shape.replace("##", f"{pair:02d}", 1)
        phones.append(shape)
    return pa.array(phones, type=pa.string())


def _timings(rng: np.random.Generator, intents: Intents) -> Codes:
    soon = choose(rng, (34, 34, 18, 6, 8), size=len(intents.fit))
    vague = choose(rng, (5, 12, 26, 27, 30), size=len(intents.fit))
    return np.where(intents.ripe_day < NEVER, soon, vague)
