"""A rich agreement, and histories in which anything may happen to a lead in three months."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from passerelle.core.history import Lead
from tests.core.builders import NOW, a_change, a_lead, a_rule, an_agreement, an_event

RICH = an_agreement(
    a_rule(key="size", dimension="fit", field="employees", bands={"<10": "-20.5", "50..499": 25}),
    a_rule(
        key="title", dimension="fit", field="job_title", values={"ceo": "33.333333"}, otherwise=-3
    ),
    a_rule(key="page", group="site", event="page", points="1.7", half_life="13d", max=11),
    a_rule(key="download", group="site", event="download", points=7, first_only="asset"),
    a_rule(
        key="click",
        event="email_clicked",
        points="-3.3",
        limit={"points": 10, "per": "week"},
        linear_decay={"percent": "33.3", "per": "1mo"},
        min=-12,
    ),
    a_rule(key="often", event="page", counts={"3..5": 4, ">5": "6.000001"}, window="20d"),
    a_rule(key="step", event="chat_started", points=9, step_decay={"percent": 30, "every": "7d"}),
    a_rule(key="back", visit={"after": "1d", "within": "20d"}, points=2, cool_down="3d"),
    a_rule(key="days", distinct={"of": "day", "at_least": 4}, points=5, window="40d"),
    a_rule(
        key="fast",
        velocity={"events": ["page", "download"], "at_least": 3, "within": "1d"},
        points=8,
        expires="30d",
    ),
    a_rule(key="silent", inactive={"for": "10d", "every": "5d"}, points="-2.5"),
    fields={"employees": "number", "job_title": "text"},
    dimensions={
        "fit": {"range": [-10, 50], "weight": "0.35", "unscored": 12},
        "engagement": {"range": [0, 40], "weight": "0.65"},
    },
    groups={"site": {"dimension": "engagement", "max": 20, "min": -5}},
    total={"weighted": ["fit", "engagement"], "range": [0, 40]},
    stages={"mql": {"when": {"total": ">=20"}, "falls_below": 12}},
    overrides=[
        {"key": "reset", "event": "recycled", "set": {"engagement": "3.25"}},
        {"key": "floor", "event": "trial_requested", "floor": {"engagement": 15}, "window": "9d"},
        {"key": "force", "event": "vip", "force": 39, "window": "5d"},
        {"key": "ice", "event": "frozen", "freeze": True, "until": ["thawed"]},
    ],
)
NAMES = (
    *("page", "page", "page", "download", "email_clicked", "chat_started", "email_opened"),
    *("trial_requested", "recycled", "vip", "frozen", "thawed"),
)


@st.composite
def histories(draw: st.DrawFn) -> Lead:
    """Leads to whom anything may have happened in the last three months."""
    minutes = st.integers(0, 90 * 24 * 60)
    happened = draw(st.lists(st.tuples(st.sampled_from(NAMES), minutes), max_size=25))
    events = [
        an_event(name, at=NOW - timedelta(minutes=m), id=str(n), asset="abc"[n % 3])
        for n, (name, m) in enumerate(happened)
    ]
    grown = draw(st.none() | st.integers(0, 900))
    if grown is not None:
        events.append(a_change("employees", grown, at=NOW - timedelta(minutes=draw(minutes))))
    title = draw(st.sampled_from([None, "CEO", "cook"]))
    return a_lead(*events, employees=draw(st.none() | st.integers(0, 900)), job_title=title)
