"""Where leads stand, in columns: a golden table of what moves them, to the instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event
from tests.core.builders import (
    CRITERIA,
    MICROSECOND,
    a_lead,
    a_rule,
    ago,
    an_agreement,
    an_event,
)
from tests.relations.desk import scored

YESTERDAY = ago(1)
BACK, AFTER = ago(89), ago(89) + MICROSECOND
RESTED = ago(90)
FRIEND, RIVAL = {"source": "customer_referral"}, {"email": "a@rival.example"}
LEAD, NURTURING = "lead", "nurturing"


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return an_agreement(
        a_rule(key="page", event="page", points=10),
        a_rule(key="opened", event="email_opened", points=0.1),
        a_rule(key="bounced", event="email_bounced", points=-10),
        fields={"source": "text", "country": "text"},
        stages={
            "mql": {"when": {"total": ">=50"}, "falls_below": 30},
            "local": {"when": {"total": "20..<30", "fields": {"country": "france"}}},
            "won": {"when": {"event": "signed", "where": {"by": "hand"}}},
        },
        fast_tracks=[
            {"key": "demo", "event": "demo_requested", "window": "30d"},
            {"key": "friend", "field": "source", "one_of": ["customer_referral"]},
            {"key": "vip", "event": "invited", "to": "mql"},
        ],
        disqualify=[
            {"key": "rival", "field": "email", "domain_in": ["rival.example"]},
            {"key": "stop", "event": "replied", "where": {"said": "stop"}, "window": "30d"},
        ],
        recycle={"after": {"bad_timing": "90d"}, "rearm": {"new_points": 10}},
        qualification={
            "sql": {"requires": ["accepted"], "bant": ">80"},
            "bant": {"evidence_expires": "180d"},
        },
    )


def pages(number: int, at: datetime = YESTERDAY) -> list[Event]:
    return [an_event("page", at=at, id=f"page {n}") for n in range(number)]


def back(reason: str | None = "bad_timing", at: datetime = BACK, id_: str = "back") -> Event:
    return an_event("returned", at=at, id=id_, reason=reason)


def met(*criteria: str, at: datetime = YESTERDAY) -> list[Event]:
    return [
        an_event("bant_assessed", at=at, id=f"bant {c}", criterion=c, met="true") for c in criteria
    ]


WON = an_event("deal_won", at=BACK)
ACCEPTED = an_event("accepted", at=AFTER)
CASES: dict[str, tuple[list[Event], dict[str, Any], tuple[str, str | None, str | None]]] = {
    # stage, the fast track or disqualifier that put the lead there, why it was given back
    "nothing": ([], {}, (LEAD, None, None)),
    "a lead of points": (pages(5), {}, ("mql", None, None)),
    "short of the line": (pages(4), {}, (LEAD, None, None)),
    "between two lines, once above": (
        [*pages(5), an_event("email_bounced")],
        {},
        ("mql", None, None),
    ),
    "above for an instant": (
        [*pages(5), *(an_event("email_bounced", at=ago(1) + n * MICROSECOND) for n in (1, 2))],
        {},
        ("mql", None, None),
    ),
    "fallen, and up again to below": (
        [
            *pages(5),
            *(an_event("email_bounced", at=ago(0.5), id=f"{n}") for n in range(3)),
            an_event("page", id="again"),
        ],
        {},
        (LEAD, None, None),
    ),
    "points and a field": (pages(2), {"country": "France"}, ("local", None, None)),
    "another field": (pages(2), {"country": "Spain"}, (LEAD, None, None)),
    "signed": ([an_event("signed", by="hand", at=ago(400))], {}, ("won", None, None)),
    "signed otherwise": ([an_event("signed", by="mail")], {}, (LEAD, None, None)),
    "asked on the last day": (
        [an_event("demo_requested", at=ago(29))],
        {},
        ("handoff", "demo", None),
    ),
    "asked the day before": ([an_event("demo_requested", at=ago(30))], {}, (LEAD, None, None)),
    "recommended": ([], FRIEND, ("handoff", "friend", None)),
    "invited": ([an_event("invited", at=ago(400))], {}, ("mql", "vip", None)),
    "invited and asked": (
        [an_event("invited"), an_event("demo_requested")],
        {},
        ("handoff", "demo", None),
    ),
    "recommended by a rival": ([], {**FRIEND, **RIVAL}, ("disqualified", "rival", None)),
    "said stop": (
        [an_event("replied", at=ago(29), said="stop")],
        {},
        ("disqualified", "stop", None),
    ),
    "said stop long ago": ([an_event("replied", at=ago(30), said="stop")], {}, (LEAD, None, None)),
    "said hello": ([an_event("replied", said="hello")], {}, (LEAD, None, None)),
    "given back": ([back()], {}, (NURTURING, None, "bad_timing")),
    "given back, with points": ([back(), *pages(5)], {}, (NURTURING, None, "bad_timing")),
    "rested, without points": ([back(at=RESTED)], {}, (NURTURING, None, "bad_timing")),
    "rested, with points": ([back(at=RESTED), *pages(5)], {}, ("mql", None, None)),
    "rested, old points": (
        [back(at=RESTED), *pages(9, at=RESTED)],
        {},
        (NURTURING, None, "bad_timing"),
    ),
    "rested, a point a tick later": (
        [back(at=RESTED), *pages(1, at=RESTED + MICROSECOND)],
        {},
        (LEAD, None, None),
    ),
    "a hundred openings make ten points": (
        [back("no_need"), *(an_event("email_opened", at=AFTER, id=f"{n}") for n in range(100))],
        {},
        (LEAD, None, None),
    ),
    "what takes points is no new point": (
        [back("no_need"), *pages(1), an_event("email_bounced")],
        {},
        (LEAD, None, None),
    ),
    "for a reason without rest": ([back("no_need"), *pages(1)], {}, (LEAD, None, None)),
    "for no reason": ([back(None)], {}, (NURTURING, None, "unknown")),
    "for an empty one": ([back("")], {}, (NURTURING, None, "unknown")),
    "lost": ([an_event("deal_lost", at=BACK, reason="price")], {}, (NURTURING, None, "lost")),
    "lost and won at once": ([an_event("deal_lost", at=BACK), WON], {}, (LEAD, None, None)),
    "won, then lost": ([WON, an_event("deal_lost", at=AFTER)], {}, (NURTURING, None, "lost")),
    "twice at once, by the larger id": (
        [back("no_need", id_="b"), back("bad_timing", id_="a")],
        {},
        (NURTURING, None, "no_need"),
    ),
    "twice, by the later": (
        [back("no_need", id_="b"), back("bad_timing", at=AFTER, id_="a")],
        {},
        (NURTURING, None, "bad_timing"),
    ),
    "recommended before it was given back": ([back()], FRIEND, (NURTURING, None, "bad_timing")),
    "invited as it was given back": (
        [back(), an_event("invited", at=BACK)],
        {},
        (NURTURING, None, "bad_timing"),
    ),
    "invited a tick later": ([back(), an_event("invited", at=AFTER)], {}, ("mql", "vip", None)),
    "disqualified and given back": ([back()], RIVAL, ("disqualified", "rival", None)),
    "qualified": (
        [ACCEPTED, *met(*CRITERIA)],
        {},
        ("sql", None, None),
    ),
    "three of four": ([ACCEPTED, *met("budget", "authority", "need")], {}, (LEAD, None, None)),
    "accepted as it was given back": (
        [
            back("no_need"),
            an_event("accepted", at=BACK),
            *met(*CRITERIA),
            *pages(1),
        ],
        {},
        (LEAD, None, None),
    ),
    "accepted a tick later": (
        [back("no_need"), ACCEPTED, *met(*CRITERIA), *pages(1)],
        {},
        ("sql", None, None),
    ),
    "evidence of the last day": (
        [ACCEPTED, *met(*CRITERIA, at=ago(179))],
        {},
        ("sql", None, None),
    ),
    "evidence of the day before": (
        [ACCEPTED, *met(*CRITERIA, at=ago(180))],
        {},
        (LEAD, None, None),
    ),
    "assessed anew": (
        [
            ACCEPTED,
            *met(*CRITERIA, at=ago(2)),
            an_event("bant_assessed", at=ago(1), criterion="need", met="FALSE"),
        ],
        {},
        (LEAD, None, None),
    ),
    "assessed anew with no clear answer": (
        [
            ACCEPTED,
            *met(*CRITERIA, at=ago(2)),
            an_event("bant_assessed", at=ago(1), criterion="need", met="perhaps"),
        ],
        {},
        ("sql", None, None),
    ),
    "assessed twice at once, by the larger id": (
        [
            ACCEPTED,
            *met(*CRITERIA),
            an_event("bant_assessed", at=ago(1), id="z", criterion="need", met="false"),
        ],
        {},
        (LEAD, None, None),
    ),
}


def test_what_moves_a_lead_moves_it_to_the_instant(
    desk: duckdb.DuckDBPyConnection, agreement: Agreement
) -> None:
    leads = [a_lead(*events, key=key, **fields) for key, (events, fields, _) in CASES.items()]

    found = scored(desk, agreement, leads)

    stands = {
        key: (row["stage"], row["fast_track"] or row["disqualified"], row["recycled"])
        for key, row in found.items()
    }
    assert stands == {key: expected for key, (*_, expected) in CASES.items()}
