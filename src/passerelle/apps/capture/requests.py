"""What a request to the collector says: its key, its body unpacked, its events as they came."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote_plus

import msgspec

_GZIP = b"\x1f\x8b"


class TooLarge(Exception):
    """A body is larger than the limit, perhaps only once it is unpacked."""


class Unreadable(Exception):
    """A body that is no JSON, or not what the address takes."""


class Batch(msgspec.Struct):
    """The body of a batch; whatever else stands in it is passed over."""

    batch: list[msgspec.Raw]
    sent_at: Any = msgspec.field(name="sentAt", default=None)
    write_key: Any = msgspec.field(name="writeKey", default=None)
    context: msgspec.Raw = msgspec.Raw(b"")


class Single(msgspec.Struct):
    """The body of one call, as far as the collector reads it."""

    sent_at: Any = msgspec.field(name="sentAt", default=None)
    write_key: Any = msgspec.field(name="writeKey", default=None)


@dataclass(slots=True)
class Content:
    """What came: the events as JSON texts, and what was said of all of them."""

    events: list[Any]
    sent_at: str | None = None
    key: str = ""
    context: bytes = b""


_batch = msgspec.json.Decoder(Batch).decode
_single = msgspec.json.Decoder(Single).decode
_keyed = msgspec.json.Decoder(Single).decode


def unpacked_body(body: bytes, *, most: int) -> bytes:
    """The body, unzipped if it is zipped, whatever its headers say."""
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(body, most + 1)
    except zlib.error as wrong:
        raise Unreadable("the body is not whole gzip") from wrong
    if len(found) > most or unpacker.unconsumed_tail:
        raise TooLarge
    if not unpacker.eof:
        raise Unreadable("the body is not whole gzip")
    return found


def content_of(body: bytes, *, batch: bool) -> Content:
    """What a body of the Segment spec says. Events are not looked into yet."""
    try:
        if batch:
            many = _batch(body)
            events = [memoryview(raw) for raw in many.batch]
            key = _text(many.write_key) or ""
            return Content(events, _text(many.sent_at), key, bytes(many.context))
        one = _single(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as wrong:
        raise Unreadable(_why(wrong)) from wrong
    return Content([body], _text(one.sent_at), _text(one.write_key) or "")


def content_of_pixel(query: bytes) -> Content:
    """What a picture's address says: the call as base64 in `data`, its key inside."""
    return content_of(decoded(asked(query, "data")), batch=False)


def event_key(event: bytes) -> str:
    """The write key that stands inside an event of a batch."""
    try:
        return _text(_keyed(event).write_key) or ""
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return ""


def key_of(headers: Mapping[bytes, bytes], *, query: bytes) -> str:
    """The write key that stands outside the body; empty if there is none."""
    if given := headers.get(b"authorization"):
        return _basic(given)
    if given := headers.get(b"x-write-key"):
        return given.decode("latin-1").split(":")[0].strip()
    if query:
        return asked(query, "writeKey") or asked(query, "write_key")
    return ""


def asked(query: bytes, name: str) -> str:
    """A parameter of the query string."""
    try:
        return parse_qs(query.decode("latin-1"), max_num_fields=40).get(name, [""])[0]
    except ValueError:
        return ""


def decoded(data: str) -> bytes:
    """Base64, of either alphabet, with its padding or without."""
    plain = unquote_plus(data).replace("-", "+").replace("_", "/").replace(" ", "+")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError) as wrong:
        raise Unreadable("the data are not base64") from wrong


@lru_cache(maxsize=1024)
def _basic(header: bytes) -> str:
    scheme, _, value = header.partition(b" ")
    if scheme.lower() != b"basic":
        return value.decode("latin-1").strip() if scheme.lower() == b"bearer" else ""
    try:
        return base64.b64decode(value).decode("utf-8", "replace").split(":")[0].strip()
    except (binascii.Error, ValueError):
        return ""


def _text(value: object) -> str | None:
    return value[:80] if isinstance(value, str) else None


def _why(wrong: Exception) -> str:
    match wrong:
        case msgspec.ValidationError():
            return "the JSON is not what this address takes"
        case msgspec.DecodeError():
            return "the body is not JSON"
        case RecursionError():
            return "the JSON is nested too deeply"
        case _:
            return "the body is not UTF-8"
