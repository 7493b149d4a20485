"""PostHog's contract: its bodies, and its events as calls of the Segment spec."""

from __future__ import annotations

from typing import Any

import msgspec

from passerelle.apps.capture.requests import Content, Unreadable, asked, decoded, unpacked_body

_FORM = b"data="
_MOST = 4 * 1024 * 1024


class _Body(msgspec.Struct):
    batch: list[msgspec.Raw] | None = None
    api_key: Any = None
    token: Any = None
    sent_at: Any = None
    properties: Any = None


_one = msgspec.json.Decoder(_Body).decode
_many = msgspec.json.Decoder(list[msgspec.Raw]).decode


def content_of(body: bytes, query: bytes) -> Content:
    """What a body says: a batch, one event, or a list of events; plain, or base64 in a form."""
    body = _plain(body, query)
    try:
        if body.lstrip()[:1] == b"[":
            events: list[Any] = [memoryview(raw) for raw in _many(body)]
            return Content(events, None, _key(_one(events[0])) if events else "")
        one = _one(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as wrong:
        raise Unreadable("the JSON is not what this address takes") from wrong
    sent_at = one.sent_at if isinstance(one.sent_at, str) else None
    events = [body] if one.batch is None else [memoryview(raw) for raw in one.batch]
    return Content(events, sent_at, _key(one))


_CALLS = {
    "$pageview": "page",
    "$screen": "screen",
    "$identify": "identify",
    "$set": "identify",
    "$groupidentify": "group",
    "$create_alias": "alias",
}
_PLACES = {
    "$current_url": "url",
    "$pathname": "path",
    "$referrer": "referrer",
    "title": "title",
    "$screen_name": "name",
}


def as_call(event: dict[str, Any]) -> dict[str, Any]:
    """One event as a call of the Segment spec. Its `$` properties go where the spec has them."""
    given = event.get("properties")
    said: dict[str, Any] = given if isinstance(given, dict) else {}
    call = _CALLS.get(str(event.get("event")), "track")
    person = event.get("distinct_id") or said.get("distinct_id")
    device = said.get("$anon_distinct_id") or said.get("$device_id")
    named = person != device and said.get("$is_identified", True) is not False
    return {
        "type": call,
        "event": event.get("event"),
        "messageId": event.get("uuid") or said.get("$insert_id"),
        "timestamp": event.get("timestamp"),
        "userId": person if named else None,
        "anonymousId": device or (None if named else person),
        "previousId": said.get("alias"),
        "groupId": said.get("$group_key"),
        "traits": _traits(event, said),
        "properties": _properties(said),
        "context": {
            "userAgent": said.get("$raw_user_agent") or said.get("$user_agent"),
            "library": {"name": said.get("$lib"), "version": said.get("$lib_version")},
            "ip": said.get("$ip"),
        },
    }


def _traits(event: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for given in (said.get("$set_once"), said.get("$set"), said.get("$group_set")):
        found.update(given if isinstance(given, dict) else {})
    for given in (event.get("$set_once"), event.get("$set")):
        found.update(given if isinstance(given, dict) else {})
    return found


def _properties(said: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in said.items() if not name.startswith("$")}
    plain.pop("token", None)
    plain.pop("distinct_id", None)
    return plain | {_PLACES[name]: said[name] for name in _PLACES if said.get(name)}


def _plain(body: bytes, query: bytes) -> bytes:
    if body.startswith(_FORM):
        body = decoded(body[len(_FORM) :].partition(b"&")[0].decode("latin-1"))
    elif asked(query, "compression") == "base64" and body[:1] not in (b"{", b"["):
        body = decoded(body.decode("latin-1"))
    return unpacked_body(body, most=_MOST)


def _key(body: _Body) -> str:
    said = body.properties if isinstance(body.properties, dict) else {}
    for given in (body.api_key, body.token, said.get("token")):
        if isinstance(given, str) and given:
            return given
    return ""
