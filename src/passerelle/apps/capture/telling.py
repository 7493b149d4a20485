"""Answers that tell a client how to behave, and the scripts it loads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from passerelle.apps.capture import client_settings as told
from passerelle.apps.capture.answers import OK, Answer, as_json
from passerelle.apps.capture.requests import key_of
from passerelle.apps.capture.routes import Told
from passerelle.apps.capture.tracker import CONTENT_TYPE, tracker_script

_SCRIPT_SECONDS = 3600


def tell(
    what: Told, scope: Mapping[str, Any], headers: Mapping[bytes, bytes], *, public_url: str
) -> Answer:
    """The answer for a client of that kind."""
    parts = urlsplit(public_url)
    key = what.key or key_of(headers, query=scope["query_string"])
    match what.client:
        case "segment":
            host = f"{parts.netloc}{parts.path}"
            return as_json(told.segment_settings(key, host=host, protocol=parts.scheme))
        case "rudderstack":
            return as_json(told.rudderstack_settings(key, url=public_url))
        case "posthog":
            return as_json(told.posthog_config(key))
        case "posthog_flags":
            return as_json(told.posthog_flags())
        case "script":
            return _script(headers)
        case _:
            return OK


def _script(headers: Mapping[bytes, bytes]) -> Answer:
    """The tracker, which finds its key in its tag or in the address it was asked for at."""
    script = tracker_script()
    if b"gzip" in headers.get(b"accept-encoding", b""):
        return Answer(
            200,
            script.gzipped,
            CONTENT_TYPE,
            cache_seconds=_SCRIPT_SECONDS,
            encoding=b"gzip",
        )
    return Answer(200, script.body, CONTENT_TYPE, cache_seconds=_SCRIPT_SECONDS)
