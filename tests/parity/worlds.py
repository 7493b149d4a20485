"""Random agreements and histories, with edges on purpose: windows, midnights, clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.checks import faults_of_sense
from passerelle.core.history import Event, Lead

ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
NAMES = ("page", "form_submitted", "download", "email_clicked", "demo_requested")
SALES = ("accepted", "meeting_booked", "returned", "deal_lost", "deal_won", "bant_assessed")
PATHS = ("/pricing", "/blog/a", "/blog/b", "/Customers/É", "", None)
ASSETS = ("ebook-1", "ebook-2", "Livre", None)
NIGHTS = (
    date(2024, 3, 31),  # Paris and Lord Howe (a week later) change their clocks
    date(2024, 10, 27),
    date(2024, 3, 10),  # New York
    date(2024, 11, 3),
    date(2024, 2, 29),
)
TICK = timedelta(microseconds=1)

points = st.one_of(
    st.integers(-40, 40).filter(bool), st.sampled_from([0.1, 2.5, -3.3, 7.25, 33.333333])
)
days = st.sampled_from(["1d", "2d", "3d", "7d", "30d"])
spans = st.sampled_from(["1s", "30m", "2h", "1d", "3d"])


def optional(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=parts)


def merged(*parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(_together)


def _together(dicts: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    return {key: value for one in dicts for key, value in one.items()}


wheres = st.sampled_from(
    [
        {},
        {"path": "/pricing*"},
        {"phase": "decision"},
        {"kind": ["article", "case_study"]},
        {"asset": "ebook-*"},
        {"path": {"missing": True}},
        {"path": "*é*"},
        {"seconds": ">=30"},
        {"seconds": "10..<60", "path": {"present": True}},
    ]
)
names = st.one_of(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
    st.sampled_from([["*"], ["signs_of_life"]]),
)
bands = st.sampled_from([{"1": 5, "2..3": 9, ">=4": 15}, {"<2": -3, ">=2": 4.5}, {">=3": 2}])
decays: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"half_life": "3d"},
        {"half_life": "30d"},
        {"linear_decay": {"percent": 50, "per": "1mo"}},
        {"linear_decay": {"percent": 30, "per": "2d"}},
        {"step_decay": {"percent": 25, "every": "7d"}},
        {"step_decay": {"percent": 40, "every": "1d"}},
        {"expires": "7d"},
    ]
)
limits: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"per": st.sampled_from(["day", "week", "month", "ever"])}
).flatmap(
    lambda per: st.one_of(
        st.integers(1, 4).map(lambda n: {**per, "times": n}),
        st.sampled_from([5, 12.5, 40]).map(lambda n: {**per, "points": n}),
    )
)
lines: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"max": 30}, {"min": -10}, {"min": -20, "max": 15}]
)
validities = st.sampled_from(
    [
        {"from": date(2024, 3, 1)},
        {"until": date(2024, 10, 27)},
        {"from": date(2024, 3, 31), "until": date(2024, 3, 31)},
    ]
)
counting = merged(
    st.fixed_dictionaries({"where": wheres}),
    optional(
        first_only=st.sampled_from(["person", "asset", "path"]),
        cool_down=spans,
        limit=limits,
        window=days,
        valid=validities,
    ),
    st.one_of(
        merged(points.map(lambda p: {"points": p}), decays), bands.map(lambda b: {"counts": b})
    ),
    lines,
).map(lambda rule: _without_points_limit(rule) if "counts" in rule else rule)
event_rules = merged(names.map(lambda n: {"event": n}), counting)
visit_rules = merged(
    st.sampled_from(
        [{}, {"after": "2h"}, {"within": "1d"}, {"after": "30m", "within": "3d"}, {"lasts": "5m"}]
    ).map(lambda v: {"visit": v}),
    counting,
)
distinct_rules = merged(
    st.fixed_dictionaries(
        {"of": st.sampled_from(["visit", "day", "asset", "path", "event"]), "where": wheres},
        optional={"events": names},
    ).flatmap(
        lambda d: st.one_of(
            st.tuples(st.integers(1, 3), points).map(
                lambda p: {"distinct": {**d, "at_least": p[0]}, "points": p[1]}
            ),
            bands.map(lambda b: {"distinct": {**d, "counts": b}}),
        )
    ),
    optional(window=days),
    lines,
)
velocity_rules = merged(
    st.fixed_dictionaries(
        {
            "velocity": st.fixed_dictionaries(
                {"events": names, "at_least": st.integers(2, 3), "within": spans, "where": wheres}
            ),
            "points": points,
        }
    ),
    optional(window=days),
    decays,
    lines,
)
silent_rules = merged(
    st.fixed_dictionaries(
        {
            "inactive": merged(days.map(lambda d: {"for": d}), optional(every=days, events=names)),
            "points": points,
        }
    ),
    lines,
)
field_rules = merged(
    st.sampled_from(
        [
            {"field": "employees", "bands": {"<10": -20, "50..499": 25, ">=500": 30.5}},
            {"field": "job_title", "matches": ["ceo", "head of *", "*étudiant*"], "points": 20},
            {"field": "job_title", "missing": True, "points": -5},
            {"field": "industry", "values": {"software": 12, "Bank": -4}, "otherwise": 1},
            {"field": "email", "domain_in": ["rival.example"], "points": -30},
            {"field": "newsletter", "is": True, "points": 7},
            {"field": "budget", "present": True, "points": 9},
        ]
    ),
    lines,
)
rules: st.SearchStrategy[dict[str, Any]] = st.one_of(
    event_rules, event_rules, visit_rules, distinct_rules, velocity_rules, silent_rules, field_rules
)
triggers: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"event": ["demo_requested"]},
        {"event": "page", "where": {"path": "/pricing*"}, "window": "3d"},
        {"field": "industry", "one_of": ["software"]},
        {"field": "budget", "missing": True},
    ]
)
overrides: st.SearchStrategy[dict[str, Any]] = st.one_of(
    merged(
        triggers,
        st.sampled_from(
            [{"force": 70}, {"force": {"fit": 5}}, {"floor": 45}, {"floor": {"engagement": 12.5}}]
        ),
    ),
    st.sampled_from(
        [
            {"event": "deal_won", "freeze": True},
            {"event": "download", "freeze": True, "until": "deal_lost"},
            {"event": "form_submitted", "where": {"asset": "ebook-1"}, "set": {"engagement": 3}},
            {"event": "download", "set": {"engagement": 0, "fit": 50}},
        ]
    ),
)
stage_tables = st.sampled_from(
    [
        {"mql": {"when": {"total": ">=20"}}, "sales_ready": {"when": {"total": ">40"}}},
        {
            "lead": {},
            "mql": {"when": {"total": ">=25", "fit": ">=5"}, "falls_below": 12},
            "sales_ready": {"when": {"total": ">40"}, "falls_below": {"total": 33.3}},
        },
        {
            "mql": {"when": {"engagement": ">=8"}, "falls_below": {"engagement": 4}},
            "sal": {"when": {"event": "accepted", "fields": {"industry": ["software", "bank"]}}},
        },
        {"mql": {"when": {"grade": ["A1", "A2", "B1"]}}, "won": {"when": {"qualified": True}}},
    ]
)


def _without_points_limit(rule: dict[str, Any]) -> dict[str, Any]:
    found = dict(rule)
    if "points" in found.get("limit", {}):
        found["limit"] = {"times": 3, "per": found["limit"]["per"]}
    return found


@st.composite
def agreements(draw: st.DrawFn, *, overriding: bool = True) -> Agreement:
    """A sensible agreement with rules of all kinds."""
    drawn = draw(st.lists(rules, min_size=1, max_size=5))
    places = st.sampled_from([{"dimension": "fit"}, {"dimension": "engagement"}, {"group": "g"}])
    document: dict[str, Any] = {
        "passerelle": 1,
        "key": "random",
        "timezone": draw(st.sampled_from(ZONES)),
        "fields": {
            "job_title": "text",
            "employees": "number",
            "industry": "text",
            "newsletter": "boolean",
            "budget": "number",
        },
        "content": [
            {"path": "/pricing*", "kind": "pricing", "phase": "decision"},
            {"path": "/customers/*", "kind": "case_study", "phase": "decision"},
            {"path": "/blog/*", "kind": "article"},
            {"asset": "ebook-*", "phase": "awareness"},
        ],
        "visits": {"gap": draw(st.sampled_from(["30m", "1h"])), "events": ["page"]},
        "dimensions": {
            "fit": {"range": [-50, 60], "weight": 0.4, "unscored": draw(st.sampled_from([0, 7]))},
            "engagement": {"range": [0, 100], "weight": 0.6},
        },
        "groups": {"g": {"dimension": "engagement", **draw(lines)}},
        "rules": [{"key": f"r{i}", **rule, **draw(places)} for i, rule in enumerate(drawn)],
        "total": draw(
            st.sampled_from([{"weighted": ["fit", "engagement"]}, {"sum": ["fit", "engagement"]}])
        ),
        "grades": {"fit": {"A": 20, "B": 5, "C": -50}, "engagement": {"1": 30, "2": 10, "3": 0}},
        "stages": draw(stage_tables),
        "fast_tracks": [
            {"key": f"t{i}", **trigger, "to": "handoff"}
            for i, trigger in enumerate(draw(st.lists(triggers, max_size=2)))
        ],
        "disqualify": [{"key": "out", "field": "email", "domain_in": ["rival.example"]}],
        "qualification": {
            "bant": {"evidence_expires": draw(days)},
            "sql": {"requires": ["accepted"], "bant": ">=50"},
        },
        "recycle": {
            "after": {"bad_timing": "3d", "lost": "7d"},
            "rearm": {"new_points": draw(st.sampled_from([0, 10]))},
        },
    }
    if overriding:
        document["overrides"] = [
            {"key": f"o{i}", **override}
            for i, override in enumerate(draw(st.lists(overrides, max_size=2)))
        ]
    agreement = Agreement.model_validate(document)
    faults = [f for f in faults_of_sense(agreement) if f.code not in HARMLESS]
    assert not faults, faults
    return agreement


HARMLESS = {"never_gives", "content_never_given", "weight_unused", "band_never_reached"}


@st.composite
def moments(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """An instant near a night that matters: at it, a tick beside it, or some time after."""
    night = draw(st.sampled_from(NIGHTS)) + timedelta(days=draw(st.integers(-31, 31)))
    midnight = datetime(night.year, night.month, night.day, tzinfo=zone).astimezone(UTC)
    return midnight + draw(
        st.one_of(
            st.sampled_from([-TICK, timedelta(0), TICK]),
            st.integers(0, 86_400 * 3).map(lambda s: timedelta(seconds=s)),
            st.sampled_from(
                [timedelta(minutes=30), timedelta(minutes=30) - TICK, timedelta(hours=2)]
            ),
        )
    )


@st.composite
def histories(draw: st.DrawFn, zone: ZoneInfo, *, leads: int = 4) -> list[Lead]:
    """Some leads, one of them perhaps without any event."""
    return [
        Lead(f"lead-{n}", draw(fields), draw(logs(zone, f"lead-{n}")))
        for n in range(draw(st.integers(1, leads)))
    ]


fields = st.fixed_dictionaries(
    {
        "email": st.sampled_from(["a@b.fr", "x@Rival.example", "y@eu.rival.example", None, ""]),
        "job_title": st.sampled_from(["CEO", "Head of Sales", "Étudiante", "", None]),
        "employees": st.sampled_from([5, 9.5, 50, 499, 499.5, 500, None]),
        "industry": st.sampled_from(["Software", "bank", "retail", None]),
        "newsletter": st.sampled_from([True, False, None]),
        "budget": st.sampled_from([0, 1000, None]),
    }
)


@st.composite
def logs(draw: st.DrawFn, zone: ZoneInfo, lead: str) -> list[Event]:
    """A log with events close to each other, at the same instant, late, and sent twice."""
    events: list[Event] = []
    for number in range(draw(st.integers(0, 12))):
        near = draw(st.booleans())
        if events and near:
            step = draw(
                st.sampled_from(
                    [
                        timedelta(0),
                        TICK,
                        timedelta(seconds=1),
                        timedelta(minutes=30) - TICK,
                        timedelta(minutes=30),
                        timedelta(hours=2),
                        timedelta(days=1),
                        timedelta(days=3),
                        timedelta(days=7) - TICK,
                    ]
                )
            )
            at = events[-1].occurred_at + step
        else:
            at = draw(moments(zone))
        name = draw(st.sampled_from(NAMES + NAMES + SALES + ("field_changed",)))
        late = draw(st.sampled_from([None, timedelta(0), timedelta(days=2)]))
        events.append(
            Event(
                name,
                at,
                id=f"{lead}-{number:02}",
                properties=draw(_properties(name)),
                received_at=None if late is None else at + late,
            )
        )
    return events


def _properties(name: str) -> st.SearchStrategy[dict[str, Any]]:
    match name:
        case "bant_assessed":
            return st.fixed_dictionaries(
                {
                    "criterion": st.sampled_from(["budget", "authority", "need", "mood"]),
                    "met": st.sampled_from(["true", "false", "True", "perhaps"]),
                }
            )
        case "returned":
            return st.sampled_from([{"reason": "bad_timing"}, {"reason": "no_need"}, {}])
        case "field_changed":
            return st.sampled_from(
                [
                    {"field": "industry", "value": "software"},
                    {"field": "employees", "value": " 500 "},
                    {"field": "employees", "value": "1_000"},
                    {"field": "newsletter", "value": "TRUE"},
                    {"field": "job_title", "value": ""},
                    {"field": "budget", "value": "1e3"},
                ]
            )
        case "page":
            return st.fixed_dictionaries(
                {"path": st.sampled_from(PATHS), "seconds": st.sampled_from([9, 10, 30, 60, None])}
            )
    return st.fixed_dictionaries({"asset": st.sampled_from(ASSETS)})
