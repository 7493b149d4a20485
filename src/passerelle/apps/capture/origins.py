"""Sites whose browsers may send, as people type them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MOST_ORIGINS = 50
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?|\[[0-9a-f:]+\]"
)


class BadOrigin(ValueError):
    """A line that names no site; the line is the argument."""


class TooManyOrigins(ValueError):
    """More sites than a source may list."""


def read_origins(text: str) -> list[str]:
    """One site a line, each once, as a browser's `Origin` header says it.

    A path after the host is left out, and a host alone is taken for https.

    Raises:
        BadOrigin: a line is no web address.
        TooManyOrigins: there are more than fifty.
    """
    lines = (line.strip() for line in text.splitlines())
    origins = list(dict.fromkeys(_origin(line) for line in lines if line))
    if len(origins) > MOST_ORIGINS:
        raise TooManyOrigins
    return origins


def _origin(line: str) -> str:
    address = line if "://" in line else f"https://{line}"
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except ValueError:  # UnicodeError is one of them
        raise BadOrigin(line) from None
    host = f"[{host}]" if ":" in host else host
    if parts.scheme not in {"http", "https"} or parts.username or not _HOST.fullmatch(host):
        raise BadOrigin(line)
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")
