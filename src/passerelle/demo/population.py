"""Everyone of one block and the year they live through: what the rooms of the simulator share."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.demo.campaigns import Campaigns
from passerelle.demo.company import Companies
from passerelle.demo.draws import Codes
from passerelle.demo.intent import Intents
from passerelle.demo.people import People
from passerelle.demo.season import Season


@dataclass(frozen=True, slots=True)
class Population:
    """The people of a block with their companies, hidden intents and the calendar of the season.

    `arrival` is the instant of each one's first sign of life; `activity` multiplies how often
    people come back and how often they are written to.
    """

    people: People
    companies: Companies
    intents: Intents
    arrival: Codes
    season: Season
    campaigns: Campaigns
    activity: float

    def __len__(self) -> int:
        return len(self.people)
