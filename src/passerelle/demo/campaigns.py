"""The campaigns of the year: advertisements, trade shows, prospecting and the weekly mailings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from passerelle.demo.draws import Codes
from passerelle.demo.season import Season

ADVERTISEMENTS = (
    "ads-planning-fr", "ads-zero-papier-fr", "ads-ascenseurs-fr", "ads-field-service-en",
    "ads-demo-retargeting", "ads-marque-fr",
)  # fmt: skip
SEQUENCES = ("outbound-exploitation", "outbound-sav", "outbound-dsi")
RENTED = ("email-base-louee-btp", "email-base-louee-services")
_SHOWS = ("salon-maintenance-lyon", "salon-batiment-paris", "fieldday-bruxelles")
SHOWS_IN_A_SEASON = 6


@dataclass(frozen=True, slots=True)
class Campaigns:
    """All campaign names, and where the kinds begin among them; days count from the first."""

    names: tuple[str, ...]
    show_days: Codes
    first_show: int
    first_sequence: int
    first_rented: int
    mailing_days: Codes
    first_mailing: int
    webinar_days: Codes


def plan_campaigns(season: Season) -> Campaigns:
    """The campaigns of a season: mailings on Tuesdays, webinars on third Thursdays."""
    shows = np.unique(np.linspace(0.12, 0.93, SHOWS_IN_A_SEASON) * season.days).astype(np.int64)
    show_names = [f"{_SHOWS[i % 3]}-{_date(season, day):%Y-%m}" for i, day in enumerate(shows)]
    dates = [_date(season, day) for day in range(season.days)]
    tuesdays = [i for i, day in enumerate(dates) if day.weekday() == 1 and season.working[i]]
    mailings = [
        f"{'newsletter' if i % 2 == 0 else 'nurturing'}-{dates[day]:%Y-%m-%d}"
        for i, day in enumerate(tuesdays)
    ]
    thursdays = [i for i, d in enumerate(dates) if d.weekday() == 3 and 15 <= d.day <= 21]
    names = (*ADVERTISEMENTS, *show_names, *SEQUENCES, *RENTED, *mailings)
    return Campaigns(
        names=names,
        show_days=season.next_working[shows],
        first_show=len(ADVERTISEMENTS),
        first_sequence=len(ADVERTISEMENTS) + len(shows),
        first_rented=len(ADVERTISEMENTS) + len(shows) + len(SEQUENCES),
        mailing_days=np.array(tuesdays, dtype=np.int64),
        first_mailing=len(names) - len(mailings),
        webinar_days=np.array([day for day in thursdays if dates[day].month != 8], dtype=np.int64),
    )


def _date(season: Season, day: int | np.int64) -> date:
    return season.first + timedelta(days=int(day))
