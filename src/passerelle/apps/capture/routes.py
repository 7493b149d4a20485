"""Which addresses the collector answers, and what each of them means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Form = Literal["segment", "posthog"]

_CALLS = ("page", "screen", "track", "identify", "group", "alias")
_SHORT = {"p": "page", "s": "screen", "t": "track", "i": "identify", "g": "group", "a": "alias"}


@dataclass(frozen=True, slots=True)
class Intake:
    """An address that takes events: in which form, a batch or one call."""

    form: Form
    call: str = ""  # empty: a batch
    pixel: bool = False  # asked for by GET, as a picture; `data` in the query is the call


@dataclass(frozen=True, slots=True)
class Told:
    """An address that tells a client how to behave: for which client, and for which key."""

    client: Literal["segment", "rudderstack", "posthog", "posthog_flags", "script", "metrics"]
    key: str = ""


_INTAKES: dict[str, Intake] = {
    **{f"/v1/{call}": Intake("segment", call) for call in _CALLS},
    **{f"/v1/{short}": Intake("segment", call) for short, call in _SHORT.items()},
    **{f"/v1/pixel/{call}": Intake("segment", call, pixel=True) for call in _CALLS},
    **{f"/api/s/{call}": Intake("segment", call) for call in _CALLS},
    **{f"/api/s/s2s/{call}": Intake("segment", call) for call in _CALLS},
    **dict.fromkeys(
        (
            "/v1/batch",
            "/v1/b",
            "/v1/import",
            "/beacon/v1/batch",
            "/api/s/batch",
            "/api/s/s2s/batch",
        ),
        Intake("segment"),
    ),
    **dict.fromkeys(("/batch", "/e", "/i/v0/e", "/capture", "/track"), Intake("posthog")),
}
_TOLD: dict[str, Told] = {
    "/sourceConfig": Told("rudderstack"),
    "/flags": Told("posthog_flags"),
    "/decide": Told("posthog_flags"),
    "/v1/m": Told("metrics"),
    "/p.js": Told("script"),
    "/passerelle.js": Told("script"),
}
_WITH_KEY: tuple[tuple[re.Pattern[str], Told], ...] = (
    (re.compile(r"/v1/projects/([^/]{1,64})/settings"), Told("segment")),
    (re.compile(r"/analytics\.js/v1/([^/]{1,64})/analytics(?:\.min)?\.js"), Told("script")),
    (re.compile(r"/array/([^/]{1,64})/config(?:\.js)?"), Told("posthog")),
)
_BEGINNINGS = ("/v1/", "/api/s/", "/beacon/v1/", "/analytics.js/", "/array/")


@lru_cache(maxsize=1024)
def route(path: str) -> Intake | Told | None:
    """What an address means to the collector, or None if it is not one of its own."""
    path = path.rstrip("/")
    if found := _INTAKES.get(path) or _TOLD.get(path):
        return found
    for pattern, told in _WITH_KEY:
        if match := pattern.fullmatch(path):
            return Told(told.client, match[1])
    return None


def serves(path: str) -> bool:
    """Whether an address belongs to the collector rather than to the pages."""
    return path.startswith(_BEGINNINGS) or route(path) is not None
