"""The scripts that the collector serves to pages: our own tracker, under the usual addresses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "static" / "capture"
_PLACE_OF_KEY = "__PASSERELLE_KEY__"


def script(key: str) -> bytes | None:
    """The tracker, knowing its write key if the address named one; None if it is not installed."""
    text = _tracker()
    if text is None:
        return None
    plain = key if key.replace("-", "").replace("_", "").isalnum() else ""
    return text.replace(_PLACE_OF_KEY, plain).encode()


@cache
def _tracker() -> str | None:
    file = _FOLDER / "tracker.js"
    return file.read_text("utf-8") if file.is_file() else None
