"""An event as it came, read into one for the log, or dropped with a reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from passerelle.apps.capture import posthog
from passerelle.apps.capture.drops import Dropped, DropReason
from passerelle.apps.capture.inbox import Envelope
from passerelle.apps.capture.limits import Limits
from passerelle.apps.capture.models import EventKind, SubjectKind
from passerelle.apps.capture.names import name_of_call, plain_name
from passerelle.apps.capture.robots import CLASSIFIER, robot_of_agent
from passerelle.apps.capture.times import moment_of
from passerelle.apps.capture.values import Name, NewEvent

LONGEST_ID = 255
LONGEST_MESSAGE_ID = 100

_KINDS = {kind.value for kind in EventKind} - {EventKind.ACT.value}
_OF_PAGE = ("path", "url", "title", "referrer", "search")
_LONGEST_EMAIL = 254
_NOTHING: Mapping[str, Any] = {}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_TIME = re.compile(r"[^0-9TZ:+. -]")  # a sample shows the shape of a time, and nothing else
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the events of envelopes, under the limits of an installation."""

    limits: Limits
    kept_address: Callable[[str], str]

    def read(self, envelope: Envelope, *, nth: int) -> NewEvent | Dropped:
        """The nth event of an envelope."""
        raw: bytes = envelope.events[nth]
        try:
            call = _decode(raw)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return Dropped(DropReason.BAD_JSON, "event", envelope.source_id)
        if not isinstance(call, dict):
            return Dropped(DropReason.BAD_EVENT, type(call).__name__, envelope.source_id)
        if b"\\u0000" in raw or b"\\ud" in raw.lower():
            call = _storable(call)
        if envelope.form == "posthog":
            call = posthog.as_call(call)
        return self._event(call, raw, envelope, nth)

    def _event(
        self, call: dict[str, Any], raw: bytes, envelope: Envelope, nth: int
    ) -> NewEvent | Dropped:
        source = envelope.source_id
        kind = envelope.call or _text(call.get("type"))
        if kind not in _KINDS:
            shown = kind if kind.isidentifier() else type(call.get("type")).__name__
            return Dropped(DropReason.BAD_EVENT, f"type {shown:.30}", source)
        name = name_of_call(kind) or plain_name(_text(call.get("event")))
        if not name:
            return Dropped(DropReason.NO_NAME, kind, source)
        received_at = _EPOCH + timedelta(microseconds=envelope.received)
        moment = moment_of(
            call, sent_at=envelope.sent_at, received_at=received_at, limits=self.limits
        )
        if moment is None:
            given = call.get("timestamp") or call.get("originalTimestamp")
            return Dropped(DropReason.BAD_TIME, _NO_TIME.sub("?", str(given)[:40]), source)
        context = self._context(call, envelope)
        properties = _properties(kind, call, context)
        subject, device = _identity(kind, name, call, context, properties)
        if subject is None:
            return Dropped(DropReason.NO_IDENTITY, name, source)
        return NewEvent(
            kind=kind,
            name=name,
            message_id=_message_id(call, raw, envelope, nth),
            subject=subject,
            device=device,
            occurred_at=moment.occurred_at,
            received_at=received_at,
            source_id=source,
            robot=robot_of_agent(
                _text(context.get("userAgent")), webdriver=context.get("webdriver")
            ),
            classifier=CLASSIFIER,
            properties=properties,
            context=context,
            day=moment.day,
            timed=moment.timed,
        )

    def _context(self, call: Mapping[str, Any], envelope: Envelope) -> dict[str, Any]:
        """What surrounds the call; the address is shortened, or left out, before it is kept."""
        given = _mapping(call.get("context"))
        if envelope.context:
            given = {**_mapping(_decoded(envelope.context)), **given}
        context = {name: value for name, value in given.items() if value not in _EMPTY}
        is_browser = envelope.agent.startswith("Mozilla/")
        if is_browser and not context.get("userAgent"):
            context["userAgent"] = envelope.agent
        said = context.pop("ip", None)
        # The address of a server that sends for others says nothing of the person.
        address = self.kept_address(said) if isinstance(said, str) else ""
        if address or (is_browser and envelope.ip):
            context["ip"] = address or envelope.ip
        if "campaign" not in context and (campaign := _campaign(call, context)):
            context["campaign"] = campaign
        return context


_EMPTY: tuple[Any, ...] = (None, "", {}, [])


def _properties(kind: str, call: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    match kind:
        case EventKind.IDENTIFY:
            return {**_mapping(context.get("traits")), **_mapping(call.get("traits"))}
        case EventKind.GROUP:
            group = _identifier(call.get("groupId"))
            return {**_mapping(call.get("traits")), **({"group_id": group} if group else {})}
        case EventKind.ALIAS:
            return {"previous_id": _identifier(call.get("previousId"))}
        case EventKind.PAGE | EventKind.SCREEN:
            return _of_page(call, context)
        case _:
            return dict(_mapping(call.get("properties")))


def _of_page(call: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    page = _mapping(context.get("page"))
    properties = {name: page[name] for name in _OF_PAGE if name in page}
    for name in ("name", "category"):
        if given := call.get(name):
            properties[name] = given
    properties.update(_mapping(call.get("properties")))
    if not properties.get("path") and isinstance(url := properties.get("url"), str):
        properties["path"] = _path(url)
    return properties


def _identity(
    kind: str,
    name: str,
    call: Mapping[str, Any],
    context: Mapping[str, Any],
    properties: Mapping[str, Any],
) -> tuple[Name | None, Name | None]:
    """The most telling name, and the device beside it."""
    user = _identifier(call.get("userId"))
    anonymous = _identifier(call.get("anonymousId"))
    device = Name(SubjectKind.DEVICE.value, anonymous) if anonymous else None
    if user:
        return Name(SubjectKind.USER.value, user), device
    if email := _email_of(kind, name, call, context, properties):
        return Name(SubjectKind.EMAIL.value, email), device
    return device, None


def _email_of(
    kind: str,
    name: str,
    call: Mapping[str, Any],
    context: Mapping[str, Any],
    properties: Mapping[str, Any],
) -> str:
    places = [_mapping(call.get("traits")), _mapping(context.get("traits")), call]
    if name.startswith("email_") and kind == EventKind.TRACK:
        places.append(properties)  # a mail provider names the recipient there
    for place in places:
        if found := plain_email(place.get("email")):
            return found
    return ""


def plain_email(given: object) -> str:
    """An e-mail address in lower case; empty if it cannot be one."""
    if not isinstance(given, str) or "@" not in given:
        return ""
    found = given.strip().lower()
    left, _, domain = found.rpartition("@")
    whole = left and domain and " " not in found and len(found) <= _LONGEST_EMAIL
    return found if whole else ""


def _identifier(given: object) -> str:
    """An id as text; ids may come as numbers. What is longer than any id is none."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    found = str(given).strip()
    return found if len(found) <= LONGEST_ID else ""


def _message_id(call: Mapping[str, Any], raw: bytes, envelope: Envelope, nth: int) -> str:
    """The message's id; a long one by its hash; without one, one that names this very receipt."""
    given = _identifier_of_message(call.get("messageId"))
    if len(given) > LONGEST_MESSAGE_ID:
        return hashlib.blake2b(given.encode(), digest_size=32).hexdigest()
    if given:
        return given
    receipt = f"{envelope.received}:{nth}:".encode() + raw
    return f"received-{hashlib.blake2b(receipt, digest_size=16).hexdigest()}"


def _identifier_of_message(given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        return ""
    return str(given).strip()


def _campaign(call: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, str]:
    """The campaign that the page's own address names, as clients in browsers tell it."""
    page = {**_mapping(context.get("page")), **_mapping(call.get("properties"))}
    for query in (page.get("search"), page.get("url")):
        if isinstance(query, str) and "utm_" in query:
            found = _utm(query)
            if found:
                return found
    return {}


def _utm(address: str) -> dict[str, str]:
    try:
        given = parse_qs(address.partition("?")[2].partition("#")[0], max_num_fields=60)
    except ValueError:
        return {}
    found = {name[4:]: values[0] for name, values in given.items() if name.startswith("utm_")}
    if "campaign" in found:
        found["name"] = found.pop("campaign")
    return found


def _path(url: str) -> str:
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return ""


def _mapping(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else _NOTHING


def _text(given: object) -> str:
    return given if isinstance(given, str) else ""


def _decoded(raw: bytes) -> object:
    try:
        return _decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


def _storable(value: Any) -> Any:
    """Without what no database takes: zero bytes, and halves of surrogate pairs."""
    match value:
        case str():
            return value.replace("\x00", "").encode("utf-8", "ignore").decode()
        case dict():
            return {_storable(k): _storable(v) for k, v in value.items()}
        case list():
            return [_storable(one) for one in value]
        case _:
            return value
