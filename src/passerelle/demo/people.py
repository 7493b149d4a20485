"""Who stands behind each lead key: the person, their channel, the company they work at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelle.demo.campaigns import ADVERTISEMENTS, RENTED, SEQUENCES, Campaigns
from passerelle.demo.company import Companies
from passerelle.demo.draws import Codes, Flags, Floats, chance, choose, choose_by_row, sigmoid
from passerelle.demo.names import FIRST_NAMES, FREE_MAIL, LAST_NAMES
from passerelle.demo.titles import SENIORITIES, STUDENT_TITLES, TITLES
from passerelle.demo.vocabulary import CHANNEL, KIND, SOURCE, SOURCES_OF

# Shares of what a lead key stands for, in the order of vocabulary.KINDS.
KIND_SHARES = (0.65, 0.20, 0.08, 0.012, 0.02, 0.02, 0.012, 0.006)
# Shares of the nine lead channels, for those who leave their details and for anonymous visitors.
_LEADS_CAME_BY = (0.28, 0.17, 0.16, 0.11, 0.04, 0.02, 0.11, 0.07, 0.04)
_VISITORS_CAME_BY = (0.55, 0.20, 0.05, 0.18, 0.0, 0.0, 0.0, 0.0, 0.02)
_FREE_MAIL_SHARE = np.array([0.14, 0.20, 0.16, 0.30, 0.05, 0.08, 0.02, 0.07, 0.04])
# Rows are the size of company, columns the titles: small firms are met through their owner.
_SENIORITY_BY_SIZE = np.array([
    [5.0, 0.4, 0.8, 0.8, 0.6, 0.2], [1.6, 1.0, 1.3, 1.0, 0.9, 0.5], [0.4, 1.1, 1.2, 1.3, 1.2, 1.0],
])  # fmt: skip

TITLE_SENIORITY = np.array([SENIORITIES.index(title.seniority) for title in TITLES])
_TITLE_WEIGHTS = np.array([title.weight for title in TITLES])
_DEPARTMENT_FIT = {
    "operations": 1.0, "field_service": 1.1, "it": 0.3, "general_management": 0.6, "finance": -0.2,
    "purchasing": -0.1, "marketing": -1.3, "hr": -1.2,
}  # fmt: skip
_SENIORITY_FIT = np.array([0.5, 0.7, 0.5, 0.1, -0.8, -1.8])
TITLE_FIT = (
    np.array([_DEPARTMENT_FIT[title.department] for title in TITLES])
    + _SENIORITY_FIT[TITLE_SENIORITY]
)


@dataclass(frozen=True, slots=True)
class People:
    """One row a lead key; every code indexes a tuple of vocabulary, names or titles."""

    kind: Codes
    channel: Codes
    source: Codes
    campaign: Codes
    company: Codes
    title: Codes
    first: Codes
    last: Codes
    free_mail: Codes  # index of the provider, -1 for an address at the company
    mail_style: Codes
    identified: Flags
    browses: Flags

    def __len__(self) -> int:
        return len(self.kind)

    def are(self, *kinds: str) -> Flags:
        """Which rows are of one of the `kinds`."""
        return np.isin(self.kind, [KIND[kind] for kind in kinds])


def meet_people(
    rng: np.random.Generator, companies: Companies, campaigns: Campaigns, *, size: int
) -> People:
    """`size` lead keys among the people of `companies`."""
    kind = choose(rng, KIND_SHARES, size=size)
    channel = _channels(rng, kind)
    company = _companies(rng, companies, kind)
    firm_size = np.searchsorted([20, 250], companies.employees[company], side="right")
    table = _TITLE_WEIGHTS * _SENIORITY_BY_SIZE[:, TITLE_SENIORITY]
    title = choose_by_row(rng, table, rows=firm_size)
    # A purchased list of the ideal profile names people who can decide.
    prospect = kind == KIND["prospect"]
    senior = np.where(TITLE_SENIORITY <= 2, table, 0.0)
    title = np.where(prospect, choose_by_row(rng, senior, rows=firm_size), title)
    private = chance(rng, _FREE_MAIL_SHARE[np.minimum(channel, 8)], size=size)
    private |= np.isin(kind, [KIND["student"], KIND["job_seeker"]])
    visitor = np.isin(kind, [KIND["visitor"], KIND["crawler"]])
    return People(
        kind=kind,
        channel=channel,
        source=_sources(rng, channel),
        campaign=_campaigns(rng, channel, campaigns),
        company=company,
        title=title,
        first=rng.integers(0, len(FIRST_NAMES), size),
        last=rng.integers(0, len(LAST_NAMES), size),
        free_mail=np.where(private & ~prospect, rng.integers(0, len(FREE_MAIL), size), -1),
        mail_style=rng.integers(0, 100, size),
        identified=~visitor,
        browses=~(prospect | (kind == KIND["crawler"])),
    )


def title_texts(people: People) -> list[str]:
    """The job title of each person as they would type it."""
    student = people.are("student").tolist()
    return [
        STUDENT_TITLES[style % len(STUDENT_TITLES)] if learns else TITLES[title].text
        for learns, style, title in zip(
            student, people.mail_style.tolist(), people.title.tolist(), strict=True
        )
    ]


def true_fit(people: People, companies: Companies) -> Floats:
    """The hidden fit of each person, from 0 to 1: the company's and the role's together."""
    logit = companies.fit[people.company] + TITLE_FIT[people.title] - 1.6
    never = people.are("student", "job_seeker", "competitor", "crawler", "junk")
    return sigmoid(logit) * np.where(never, 0.05, 1.0)


def _channels(rng: np.random.Generator, kind: Codes) -> Codes:
    leads = choose(rng, _LEADS_CAME_BY, size=len(kind))
    visitors = choose(rng, _VISITORS_CAME_BY, size=len(kind))
    came = np.where(np.isin(kind, [KIND["lead"], KIND["junk"]]), leads, visitors)
    came = np.where(kind == KIND["prospect"], CHANNEL["outbound"], came)
    return np.where(kind == KIND["crawler"], CHANNEL["crawl"], came)


def _companies(rng: np.random.Generator, companies: Companies, kind: Codes) -> Codes:
    pull = np.maximum(companies.employees, 1) ** 0.3
    anyone = choose(rng, pull, size=len(kind))
    ideal = choose(rng, pull / (1 + np.exp(-3 * (companies.fit - 1.2))), size=len(kind))
    return np.where(kind == KIND["prospect"], ideal, anyone)


def _sources(rng: np.random.Generator, channel: Codes) -> Codes:
    widest = max(len(sources) for sources in SOURCES_OF)
    table = np.array([
        [SOURCE[sources[i % len(sources)]] for i in range(widest)]
        for sources in SOURCES_OF
    ])  # fmt: skip
    return table[channel, rng.integers(0, widest, len(channel))]


def _campaigns(rng: np.random.Generator, channel: Codes, campaigns: Campaigns) -> Codes:
    """The campaign that brought each person, where the channel has campaigns."""
    found = np.full(len(channel), -1, dtype=np.int64)
    spans = {
        "ads": (0, len(ADVERTISEMENTS)),
        "email": (campaigns.first_rented, len(RENTED)),
        "outbound": (campaigns.first_sequence, len(SEQUENCES)),
        "events": (campaigns.first_show, len(campaigns.show_days)),
    }
    for name, (first, count) in spans.items():
        drawn = first + rng.integers(0, count, len(channel))
        found = np.where(channel == CHANNEL[name], drawn, found)
    return found
