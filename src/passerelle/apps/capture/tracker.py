"""The tracker's file as browsers get it."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CONTENT_TYPE = b"text/javascript; charset=utf-8"
_HEADING = re.compile(r"\A/\*.*?\*/", re.DOTALL)
_REMARK = re.compile(r"(?:^|\s)// .*$")


@dataclass(frozen=True, slots=True)
class Script:
    """A script ready to be sent."""

    body: bytes
    gzipped: bytes


@cache
def tracker_script() -> Script:
    """Our tracker without its comments; it finds out itself under which address it was asked for.

    The collector answers with it at `/passerelle.js`, at Segment's
    `/analytics.js/v1/KEY/analytics.min.js` and at Jitsu's `/p.js`.
    """
    text = files(__package__).joinpath("static/capture/passerelle.js").read_text("utf-8")
    body = _without_comments(text).encode()
    return Script(body, gzip.compress(body, 9, mtime=0))


def _without_comments(text: str) -> str:
    """The same program; it knows the one way in which our own file writes comments."""
    lines = (_REMARK.sub("", line).strip() for line in _HEADING.sub("", text).splitlines())
    return "\n".join(line for line in lines if line) + "\n"
