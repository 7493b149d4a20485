"""The companies of the market: industry, size, country, tools, and an invented name and domain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from passerelle.demo.draws import Codes, Flags, Floats, chance, choose, choose_by_row, lognormal
from passerelle.demo.names import LAST_NAMES, LEGAL_FORMS, REGIONS, TRADES

INDUSTRIES = ("software", "retail", "bank", "health", "public", "construction", "services")
_INDUSTRY_SHARES = (0.11, 0.13, 0.04, 0.09, 0.08, 0.25, 0.30)
_MEDIAN_EMPLOYEES = np.array([38.0, 60.0, 420.0, 110.0, 240.0, 42.0, 48.0])
COUNTRIES = ("FR", "BE", "CH", "DE", "ES", "IT", "NL", "LU", "GB")
_COUNTRY_SHARES = (0.64, 0.08, 0.05, 0.08, 0.05, 0.04, 0.03, 0.01, 0.02)
TOOLS = ("Excel", "Sage", "SAP", "Odoo", "Salesforce", "Microsoft 365", "papier", "maison")
# What each industry runs on today; construction and services are still at spreadsheets and paper.
_TOOL_HABITS = np.array([
    [2, 1, 1, 3, 4, 4, 0.2, 4], [4, 3, 3, 2, 2, 3, 1, 1], [1, 1, 5, 0.5, 4, 3, 0.2, 4],
    [3, 2, 2, 1, 1, 4, 2, 2], [3, 1, 3, 1, 0.5, 4, 3, 2], [7, 5, 1, 2, 0.7, 2, 6, 1],
    [7, 4, 1, 2, 1.5, 3, 4, 1],
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Companies:
    """One row a company; text columns are lists, coded columns index the tuples above."""

    name: list[str]
    domain: list[str]
    industry: Codes
    employees: Codes
    country: Codes
    region: list[str]
    tool: Codes
    ad_spend: Floats
    scans_mail: Flags
    fit: Floats

    def __len__(self) -> int:
        return len(self.name)


def found_companies(rng: np.random.Generator, *, size: int, first: int) -> Companies:
    """`size` companies, the first of them numbered `first` so that domains stay unique."""
    industry = choose(rng, _INDUSTRY_SHARES, size=size)
    country = choose(rng, _COUNTRY_SHARES, size=size)
    raw = lognormal(rng, _MEDIAN_EMPLOYEES[industry], spread=1.35, size=size)
    employees = np.clip(raw, 1, 90_000).astype(np.int64)
    trade, family, legal, region = (rng.integers(0, 2**31, size) for _ in range(4))
    names, slugs = _names(industry.tolist(), country.tolist(), (trade, family, legal))
    return Companies(
        name=names,
        domain=[f"{slug}-{_base36(first + i)}.example" for i, slug in enumerate(slugs)],
        industry=industry,
        employees=employees,
        country=country,
        region=[
            (places := REGIONS[COUNTRIES[c]])[r % len(places)]
            for c, r in zip(country.tolist(), region.tolist(), strict=True)
        ],
        tool=choose_by_row(rng, _TOOL_HABITS, rows=industry),
        ad_spend=np.round(lognormal(rng, 40.0 * employees**0.7, spread=0.9, size=size), -1),
        scans_mail=chance(rng, np.where(employees > 250, 0.18, 0.05), size=size),
        fit=_fit(industry, country, employees),
    )


def slug(text: str) -> str:
    """`text` in the letters of a domain name: no accent, no space, no capital."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o"))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


_TRADE_SLUGS = tuple(tuple(slug(trade) for trade in trades) for trades in TRADES)
_FAMILY_SLUGS = tuple(slug(name) for name in LAST_NAMES)
_INDUSTRY_FIT = np.array([-1.6, -0.3, -1.2, 0.2, 0.1, 1.5, 1.7])
_COUNTRY_FIT = np.array([0.6, 0.4, 0.3, -0.1, -0.3, -0.3, 0.0, 0.3, -0.6])


def _fit(industry: Codes, country: Codes, employees: Codes) -> Floats:
    """How well a company suits the product (a logit): best between 20 and 500 employees."""
    distance = np.abs(np.log(np.maximum(employees, 1) / 110.0))
    suits: Floats = _INDUSTRY_FIT[industry] + _COUNTRY_FIT[country] + 1.2
    return suits - 1.1 * distance**1.3


def _names(
    industry: list[int], country: list[int], draws: tuple[Codes, Codes, Codes]
) -> tuple[list[str], list[str]]:
    names, slugs = [], []
    numbers = zip(*(draw.tolist() for draw in draws), strict=True)
    for kind, land, (trade, family, legal) in zip(industry, country, numbers, strict=True):
        trades, forms = TRADES[kind], LEGAL_FORMS[COUNTRIES[land]]
        a, b = trade % len(trades), family % len(LAST_NAMES)
        form = "" if kind == INDUSTRIES.index("public") else f" {forms[legal % len(forms)]}"
        names.append(f"{trades[a]} {LAST_NAMES[b]}{form}")
        slugs.append(f"{_TRADE_SLUGS[kind][a]}-{_FAMILY_SLUGS[b]}")
    return names, slugs


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
        if not number:
            return digits
