"""The document that the answers of the interview make, part by part, with its comments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from passerelle.words import Language, say

HAND_RAISES = (
    "demo_requested",
    "quote_requested",
    "contact_requested",
    "trial_requested",
    "outbound_replied",
)
"""What may count as raising a hand."""

NONE = "-"
"""The answer that leaves a list empty."""


def listed(text: str) -> list[str]:
    """The items of an answer, which commas separate; a dash alone is none."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    items = [item.strip() for item in printable.split(",")]
    return [item for item in items if item and item != NONE]


def agreement_lines(asked: Mapping[str, str], language: Language) -> Iterator[str]:
    """The lines of the document; `asked` holds a usable answer to every question."""
    for part, lines in (
        ("head", _head(asked)),
        ("fields", _FIELDS),
        ("content", _content(language)),
        ("dimensions", _DIMENSIONS),
        ("groups", _GROUPS),
        ("fit", ["rules:", *_fit(asked)]),
        ("engagement", _engagement(asked["half_life"])),
        ("total", _TOTAL),
        ("stages", _stages(asked)),
        ("fast_tracks", _fast_tracks(asked)),
        ("qualification", _qualification(asked)),
        ("handoff", _handoff(asked, language)),
        ("recycle", _recycle(asked)),
    ):
        written = list(lines)
        if written:
            indent = "  " if part == "engagement" else ""
            yield f"{indent}# {say(f'interview.comment.{part}', language)}"
            yield from written
            yield ""


def _head(asked: Mapping[str, str]) -> Iterator[str]:
    yield "passerelle: 1"
    for key in ("key", "language", "timezone"):
        yield f"{key}: {json.dumps(asked[key])}"


def _content(language: Language) -> Iterator[str]:
    yield "content:"
    for kind, phase in _CONTENT:
        path = say(f"interview.path.{kind}", language)
        yield f"  - {{path: {path}, kind: {kind}, phase: {phase}}}"


def _fit(asked: Mapping[str, str]) -> Iterator[str]:
    if roles := listed(asked["roles"]):
        yield _field_rule("role", "job_title", f"matches: {_texts(roles)}, points: 40")
    if unwanted := listed(asked["unwanted_roles"]):
        yield _field_rule("unwanted_role", "job_title", f"matches: {_texts(unwanted)}, points: -50")
    if sizes := listed(asked["sizes"]):
        bands = ", ".join(f"{json.dumps(size)}: 30" for size in sizes)
        yield _field_rule("size", "employees", f"bands: {{{bands}}}")
    if industries := listed(asked["industries"]):
        yield _field_rule("industry", "industry", f"matches: {_texts(industries)}, points: 30")
    yield _field_rule("reachable", "phone", "present: true, points: 5")


def _engagement(half_life: str) -> Iterator[str]:
    for key, place, what in _BEHAVIOUR:
        fading = "" if "inactive" in what or "window" in what else f", half_life: {half_life}"
        yield f"  - {{key: {key}, {place}, {what}{fading}}}"


def _stages(asked: Mapping[str, str]) -> Iterator[str]:
    mql = Decimal(asked["mql"])
    falls = (mql * 4 / 5).quantize(Decimal("0.1")).normalize()
    lines = f'total: ">={asked["mql"]}"'
    ideal = any(listed(asked[key]) for key in ("roles", "sizes", "industries"))
    if asked["strictness"] == "strict" and ideal:
        lines += ', fit: ">=20"'
    yield "stages:"
    yield f"  mql: {{when: {{{lines}}}, falls_below: {falls:f}}}"
    yield f'  sales_ready: {{when: {{total: ">{asked["sql"]}"}}}}'


def _fast_tracks(asked: Mapping[str, str]) -> Iterator[str]:
    if events := listed(asked["hand_raises"]):
        yield "fast_tracks:"
        named = ", ".join(dict.fromkeys(events))
        yield f"  - {{key: hand_raise, event: [{named}], window: 30d, to: handoff, clock: hot}}"


def _qualification(asked: Mapping[str, str]) -> Iterator[str]:
    bant = ', bant: ">=75"' if asked["strictness"] == "strict" else ""
    yield "qualification:"
    yield "  bant: {budget: 25, authority: 25, need: 25, timing: 25, evidence_expires: 180d}"
    yield f"  sql: {{requires: [accepted, contacted, meeting_booked]{bant}}}"


def _handoff(asked: Mapping[str, str], language: Language) -> Iterator[str]:
    yield "handoff:"
    yield "  dossier: {required: [email, company], wanted: [phone, job_title, employees]}"
    yield f"  calendar: {{weekly: {{mon-fri: {_texts(_HOURS[language])}}}}}"
    yield "  clocks:"
    yield f"    hot: {{accept: {asked['hot']}, contact: {asked['hot']}}}"
    yield f"    warm: {{accept: {asked['accept']}, contact: {asked['contact']}}}"
    yield f"  return_reasons: [{', '.join(_REASONS)}]"


def _recycle(asked: Mapping[str, str]) -> Iterator[str]:
    after = asked["recycle"]
    yield "recycle:"
    yield f"  after: {{bad_timing: {after}, no_budget: {after}, no_need: {after}, lost: {after}}}"
    yield "  rearm: {new_points: 10}"


def _field_rule(key: str, field: str, question: str) -> str:
    return f"  - {{key: {key}, dimension: fit, field: {field}, {question}}}"


def _texts(items: Sequence[str]) -> str:
    return json.dumps(items, ensure_ascii=False)


_FIELDS = (
    "fields:",
    "  job_title: text",
    "  employees: number",
    "  industry: text",
)
_CONTENT = (
    ("pricing", "decision"),
    ("case_study", "decision"),
    ("product", "consideration"),
    ("article", "awareness"),
)
_DIMENSIONS = (
    "dimensions:",
    "  fit: {range: [0, 100], weight: 0.4}",
    "  engagement: {range: [0, 100], weight: 0.6}",
)
_GROUPS = ("groups:", "  email: {dimension: engagement, max: 20}")
_ENGAGED = "dimension: engagement"
_BEHAVIOUR = (
    ("pricing", _ENGAGED, "event: page, where: {kind: pricing}, points: 20, max: 40"),
    ("case_study", _ENGAGED, "event: page, where: {kind: case_study}, points: 15, max: 30"),
    ("product", _ENGAGED, "event: page, where: {kind: product}, points: 8, max: 24"),
    ("article", _ENGAGED, "event: page, where: {kind: article}, points: 2, max: 10"),
    ("download", _ENGAGED, "event: download, first_only: asset, points: 10, max: 30"),
    ("webinar", _ENGAGED, "event: webinar_attended, points: 15, max: 30"),
    ("newsletter", _ENGAGED, "event: newsletter_subscribed, first_only: person, points: 5"),
    ("opened", "group: email", "event: email_opened, points: 1, limit: {points: 5, per: week}"),
    ("clicked", "group: email", "event: email_clicked, points: 4"),
    ("returns", _ENGAGED, "distinct: {of: visit, at_least: 3}, points: 10, window: 30d"),
    ("silent", _ENGAGED, "inactive: {for: 60d, every: 30d}, points: -10"),
    ("unsubscribed", _ENGAGED, "event: email_unsubscribed, points: -20"),
)
_TOTAL = ("total: {weighted: [fit, engagement], range: [0, 100]}",)
_HOURS: Mapping[Language, Sequence[str]] = {
    "en": ["09:00-17:30"],
    "fr": ["09:00-12:30", "14:00-18:00"],
}
_REASONS = ("no_budget", "no_authority", "no_need", "bad_timing", "bad_data", "unreachable")
