"""Fields that change: people move to another job, sizes of companies are corrected."""

from __future__ import annotations

import numpy as np

from passerelle.demo.draws import HOUR, Codes, Flags, chance
from passerelle.demo.log import Log
from passerelle.demo.people import title_texts
from passerelle.demo.population import Population
from passerelle.demo.titles import TITLES
from passerelle.demo.vocabulary import FIELDS


def change_fields(
    rng: np.random.Generator, log: Log, population: Population, created_at: Codes
) -> tuple[list[str], Codes]:
    """Add job changes and corrected sizes; gives the titles and sizes that hold in the end.

    A field that changes has two events: its first value when the lead entered the base, and the
    new one, so that a replay can know what was believed in between.
    """
    people, season = population.people, population.season
    companies, titles = population.companies, title_texts(people)
    employees = companies.employees[people.company].copy()
    later = created_at + (rng.random(len(people)) * (season.until - created_at)).astype(np.int64)
    known = people.are("lead") & (season.until - created_at > 48 * HOUR)

    moved = _some(rng, known, share=0.03)
    before = [titles[lead] for lead in moved.tolist()]
    for lead, title in zip(moved.tolist(), rng.integers(0, len(TITLES), len(moved)), strict=True):
        titles[lead] = TITLES[title].text
    after = [titles[lead] for lead in moved.tolist()]
    _note(log, "job_title", moved, created_at, before)
    _note(log, "job_title", moved, later, after)

    corrected = _some(rng, known, share=0.025)
    guess = np.maximum(1, employees[corrected] * rng.choice([0.1, 0.5, 2.0, 10.0], len(corrected)))
    _note(log, "employees", corrected, created_at, [str(int(size)) for size in guess])
    _note(log, "employees", corrected, later, [str(size) for size in employees[corrected]])
    return titles, employees


def _some(rng: np.random.Generator, among: Flags, *, share: float) -> Codes:
    return np.flatnonzero(among & chance(rng, share, size=len(among)))


def _note(log: Log, name: str, lead: Codes, at: Codes, values: list[str]) -> None:
    first = len(log.values)
    log.values.extend(values)
    log.add(
        "field_changed", lead=lead, at=at[lead], field=FIELDS.index(name),
        value=np.arange(first, len(log.values)),
    )  # fmt: skip
