"""Writes the demo company's data, block by block, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from passerelle.demo.refusal import ImpossibleDemo
from passerelle.demo.simulation import BLOCK, plan_demo, simulate_block
from passerelle.demo.summary import DemoSummary, Tally
from passerelle.demo.writing import TABLES, DemoFiles, FileFormat, written_places

FORMATS: tuple[FileFormat, ...] = ("parquet", "csv", "jsonl")
MOST_LEADS = 99_999_999  # the keys have eight digits


def write_demo(
    folder: Path,
    *,
    leads: int,
    seed: int,
    until: datetime,
    months: int = 12,
    file_format: FileFormat = "parquet",
    events_per_lead: float = 20.0,
    on_progress: Callable[[int], None] | None = None,
) -> DemoSummary:
    """Write leads, events, companies and the hidden truth of a demo company into `folder`.

    The log covers the `months` before `until` (aware) and ends there. `events_per_lead` is the
    mean over all lead keys, silent prospects included; it is met within a few per cent from 8 up
    (below, what the simulated sales team does weighs too much). `on_progress` is told how many
    leads are done. The same arguments and library versions give the same bytes, and a larger
    demo begins with the leads of a smaller one.

    Raises:
        ImpossibleDemo: an argument makes no sense, or `folder` already holds a demo.
    """
    _refuse_nonsense(leads, seed, until, months, file_format, events_per_lead)
    _refuse_overwriting(folder)
    plan = plan_demo(seed=seed, until=until, months=months, events_per_lead=events_per_lead)
    folder.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    with DemoFiles(folder, file_format) as files:
        for number in range((leads + BLOCK - 1) // BLOCK):
            block = simulate_block(plan, number, most=leads - number * BLOCK)
            for name in TABLES:
                files.write(name, getattr(block, name))
            tally.add(block)
            if on_progress:
                on_progress(tally.leads)
        return tally.summary(files.close())


def _refuse_nonsense(
    leads: int,
    seed: int,
    until: datetime,
    months: int,
    file_format: str,
    events_per_lead: float,
) -> None:
    if not 1 <= leads <= MOST_LEADS:
        raise ImpossibleDemo("demo.refused.leads", leads=leads, most=MOST_LEADS)
    if seed < 0:
        raise ImpossibleDemo("demo.refused.seed", seed=seed)
    if until.utcoffset() is None or not 2003 <= until.year <= 2200:
        raise ImpossibleDemo("demo.refused.until", until=until.isoformat())
    if not 1 <= months <= 24:
        raise ImpossibleDemo("demo.refused.months", months=months)
    if file_format not in FORMATS:
        raise ImpossibleDemo("demo.refused.format", found=file_format, known=", ".join(FORMATS))
    if not 1 <= events_per_lead <= 1000:
        raise ImpossibleDemo("demo.refused.events_per_lead", found=events_per_lead)


def _refuse_overwriting(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ImpossibleDemo("demo.refused.not_a_folder", folder=folder)
    for file_format in FORMATS:
        for place in written_places(folder, file_format):
            if place.exists():
                raise ImpossibleDemo("demo.refused.taken", folder=folder, found=place.name)
