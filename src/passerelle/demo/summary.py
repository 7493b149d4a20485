"""What a written demo holds, counted while it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from babel.numbers import format_decimal

from passerelle.demo.draws import Codes
from passerelle.demo.simulation import Block
from passerelle.demo.vocabulary import EVENT, KINDS, LEAD_CHANNELS
from passerelle.demo.writing import WrittenFile
from passerelle.words import Language, say


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """Of the real leads of one channel: how many there are, and how far they have come."""

    leads: int
    handed_over: int
    sales_qualified: int
    customers: int


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """The counts of a demo and its files; `kinds` counts what the lead keys really stand for."""

    leads: int
    events: int
    companies: int
    kinds: dict[str, int]
    by_channel: dict[str, ChannelCount]
    handed_over: int
    sales_qualified: int
    customers: int
    duplicates: int
    late: int
    skewed: int
    files: tuple[WrittenFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(slots=True)
class Tally:
    """The running counts of a demo that is being written."""

    leads: int = 0
    events: int = 0
    companies: int = 0
    duplicates: int = 0
    late: int = 0
    skewed: int = 0
    kinds: Codes = field(default_factory=lambda: np.zeros(len(KINDS), dtype=np.int64))
    # Rows: leads, handed over, sales qualified, customers; a column a channel.
    channels: Codes = field(
        default_factory=lambda: np.zeros((4, len(LEAD_CHANNELS)), dtype=np.int64)
    )

    def add(self, block: Block) -> None:
        """Count one block."""
        delivered, people, leads = block.delivered, block.people, block.leads.num_rows
        self.leads += leads
        self.events += block.events.num_rows
        self.companies += block.companies.num_rows
        self.duplicates += int(delivered.repeated.sum())
        self.late += int(delivered.late.sum())
        self.skewed += int(delivered.skewed.sum())
        self.kinds += np.bincount(people.kind[:leads], minlength=len(KINDS))
        lead, event = delivered.rows["lead"], delivered.rows["event"]
        real = people.are("lead") & (np.arange(len(people)) < leads)
        steps = [real]
        for names in (("accepted", "returned"), ("meeting_booked",), ("deal_won",)):
            reached = np.zeros(len(real), dtype=bool)
            reached[lead[np.isin(event, [EVENT[name] for name in names])]] = True
            steps.append(reached & real)
        for row, step in enumerate(steps):
            found = np.bincount(people.channel[step], minlength=len(LEAD_CHANNELS))
            self.channels[row] += found[: len(LEAD_CHANNELS)]

    def summary(self, files: Iterable[WrittenFile]) -> DemoSummary:
        """The counts so far as the summary of the demo in `files`."""
        _, handed, qualified, customers = (int(total) for total in self.channels.sum(axis=1))
        return DemoSummary(
            leads=self.leads,
            events=self.events,
            companies=self.companies,
            kinds=dict(zip(KINDS, self.kinds.tolist(), strict=True)),
            by_channel={
                name: ChannelCount(*self.channels[:, column].tolist())
                for column, name in enumerate(LEAD_CHANNELS)
            },
            handed_over=handed,
            sales_qualified=qualified,
            customers=customers,
            duplicates=self.duplicates,
            late=self.late,
            skewed=self.skewed,
            files=tuple(files),
        )


def summary_lines(summary: DemoSummary, language: Language) -> list[str]:
    """The summary as sentences for a person."""

    def counts(**numbers: float) -> dict[str, str]:
        return {name: format_decimal(n, locale=language) for name, n in numbers.items()}

    volume = counts(leads=summary.leads, events=summary.events, companies=summary.companies)
    funnel = counts(
        handed_over=summary.handed_over,
        sales_qualified=summary.sales_qualified,
        customers=summary.customers,
    )
    noise = counts(duplicates=summary.duplicates, late=summary.late, skewed=summary.skewed)
    size = counts(size=round(summary.size / 1e6, 1))
    return [
        say("demo.summary.volume", language, **volume),
        say("demo.summary.kinds", language, **counts(**summary.kinds)),
        say("demo.summary.funnel", language, **funnel),
        say("demo.summary.noise", language, **noise),
        say("demo.summary.files", language, n=len(summary.files), **size),
        say("demo.summary.truth", language),
    ]
