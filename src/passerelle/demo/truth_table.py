"""The hidden truth of each lead key, and the companies as they really are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.demo.columns import coded, instants, lead_keys, numbers
from passerelle.demo.company import COUNTRIES, INDUSTRIES, TOOLS, Companies
from passerelle.demo.conversions import FAR
from passerelle.demo.delivery import NULL
from passerelle.demo.draws import SECOND, Codes, Flags
from passerelle.demo.intent import NEVER
from passerelle.demo.population import Population
from passerelle.demo.vocabulary import KINDS


@dataclass(frozen=True, slots=True)
class Hidden:
    """What only the simulator knows, one row a lead key."""

    population: Population
    won_at: Codes
    scanned: Flags
    borrowed: Codes  # the row of the lead whose device is borrowed, or -1
    clock_error: Codes


def truth_table(hidden: Hidden, *, first: int, leads: int) -> pa.Table:
    """The truth of the first `leads` of a block whose first lead has the number `first`."""
    people, intents = hidden.population.people, hidden.population.intents
    size = len(people)
    ripens = intents.ripe_day < NEVER
    epoch = hidden.population.season.first.toordinal() - date(1970, 1, 1).toordinal()
    borrows = (hidden.borrowed >= 0) & (hidden.borrowed < leads)
    owners = lead_keys(first + np.maximum(hidden.borrowed, 0))
    return pa.table({
        "lead": lead_keys(first + np.arange(size)),
        "kind": coded(people.kind, KINDS),
        "true_fit": pa.array(np.round(intents.fit, 4)),
        "true_intent": pa.array(np.round(intents.intent, 4)),
        "would_buy": pa.array(intents.would_buy),
        "ripened_on": numbers(
            (epoch + np.where(ripens, intents.ripe_day, 0)).astype(np.int32), ripens, pa.date32()
        ),
        "wins_at": instants(np.where(hidden.won_at < FAR, hidden.won_at, NULL)),
        "is_bot": pa.array(people.are("crawler")),
        "is_junk": pa.array(people.are("junk")),
        "is_student": pa.array(people.are("student")),
        "is_job_seeker": pa.array(people.are("job_seeker")),
        "is_competitor": pa.array(people.are("competitor")),
        "scanned_mail": pa.array(hidden.scanned),
        "clock_error_seconds": pa.array(hidden.clock_error // SECOND).cast(pa.int32()),
        "borrows_device_of": pc.if_else(pa.array(borrows), owners, None),
    }).slice(0, leads)  # fmt: skip


def company_table(companies: Companies, members: Codes) -> pa.Table:
    """The companies that at least one of `members` (rows of companies) is of; their true size."""
    return pa.table({
        "domain": pa.array(companies.domain, type=pa.string()),
        "company": pa.array(companies.name, type=pa.string()),
        "industry": coded(companies.industry, INDUSTRIES),
        "employees": pa.array(companies.employees).cast(pa.int32()),
        "country": coded(companies.country, COUNTRIES),
        "region": pa.array(companies.region, type=pa.string()),
        "tools": coded(companies.tool, TOOLS),
        "ad_spend": pa.array(companies.ad_spend.astype(np.int64)),
        "scans_mail": pa.array(companies.scans_mail),
    }).take(np.unique(members))  # fmt: skip
