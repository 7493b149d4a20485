"""What the collector answers: always JSON, with what browsers of other sites must be allowed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

Headers = list[tuple[bytes, bytes]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

_JSON = b"application/json"
_DAY = b"86400"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body, and how long to stay away."""

    status: int
    body: bytes
    content_type: bytes = _JSON
    retry_after: int = 0
    cache_seconds: int = 0
    encoding: bytes = b""

    def headers(self, request: Mapping[bytes, bytes]) -> Headers:
        """The headers, for whoever asked."""
        found = list(_allowed(request.get(b"origin", b"")))
        found.append((b"content-type", self.content_type))
        found.append((b"content-length", b"%d" % len(self.body)))
        if self.retry_after:
            found.append((b"retry-after", b"%d" % self.retry_after))
        if self.encoding:
            found.append((b"content-encoding", self.encoding))
        if self.cache_seconds:
            found.append((b"vary", b"Accept-Encoding"))
            found.append((b"cache-control", b"public, max-age=%d" % self.cache_seconds))
        return found


# The smallest transparent GIF: what an e-mail's open is counted by.
PIXEL = Answer(
    200,
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    b"image/gif",
)
OK = Answer(200, b'{"success":true,"ok":true,"status":1}')


def as_json(content: object, *, status: int = 200) -> Answer:
    """Anything as JSON."""
    return Answer(status, msgspec.json.encode(content))


def refusal(status: int, code: str, message: str, *, retry_after: int = 0) -> Answer:
    """An error as every client can read it."""
    body = msgspec.json.encode({"code": code, "message": message})
    return Answer(status, body, retry_after=retry_after)


def preflight(request: Mapping[bytes, bytes]) -> Headers:
    """What a browser may send from another site: whatever it asks to."""
    asked = request.get(b"access-control-request-headers", b"")
    wanted = asked if _printable(asked) else b"authorization, content-type, x-write-key"
    return [
        *_allowed(request.get(b"origin", b"")),
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", wanted or b"authorization, content-type, x-write-key"),
        (b"access-control-max-age", _DAY),
        (b"content-length", b"0"),
    ]


async def give(answer: Answer, request: Mapping[bytes, bytes], send: Send) -> None:
    """Send an answer."""
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": answer.headers(request),
        }
    )
    await send({"type": "http.response.body", "body": answer.body})


@lru_cache(maxsize=1024)
def _allowed(origin: bytes) -> tuple[tuple[bytes, bytes], ...]:
    common = ((b"vary", b"Origin"), (b"x-content-type-options", b"nosniff"))
    if not origin or not _printable(origin):
        return ((b"access-control-allow-origin", b"*"), *common)
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),  # beacons insist; no cookie is read
        (b"access-control-expose-headers", b"Retry-After"),
        *common,
    )


def _printable(value: bytes) -> bool:
    return all(32 <= byte < 127 for byte in value)
