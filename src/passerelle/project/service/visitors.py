"""Visitors of the made-up company who come while somebody looks; they use the collector's door."""

from __future__ import annotations

import http.client
import json
import random
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from passerelle.project.service.demo_log import SITE

BETWEEN = (0.4, 3.0)
"""Seconds from one call to the next: a site with a few visitors, not a load test."""

Call = Mapping[str, object]

_READING = (
    ("/", "Atelier Logiciel"),
    ("/blog/planifier-tournees", "Bien planifier ses tournées d'intervention"),
    ("/blog/contrats-maintenance", "Contrats de maintenance : sept questions"),
    ("/product/planning", "Le planning"),
    ("/product/mobile", "L'application du technicien"),
    ("/solutions/ascenseurs", "Pour les ascensoristes"),
    ("/customers/chauffage-lyon", "Un chauffagiste raconte"),
    ("/pricing", "Tarifs"),
    ("/compare/tableur", "Atelier ou tableur ?"),
)
_FIRST = ("Inès", "Hugo", "Léa", "Karim", "Chloé", "Théo", "Awa", "Louis", "Marta", "Jonas")
_LAST = ("Perrin", "Moreau", "Diallo", "Lemaire", "Petit", "Garcia", "Keller", "Roy", "Blanc")
_TRADES = (("Ascenseurs", "construction"), ("Chauffage", "services"), ("Façades", "construction"))
_ROLES = (
    ("directeur des opérations", "director", "operations"),
    ("technicien", "individual", "field_service"),
)
_ASKING = ("Demo Requested", "Quote Requested", "Contact Requested")


@dataclass(frozen=True, slots=True)
class Door:
    """Where the collector is, and the key of the demo's source."""

    address: str
    key: str


def let_visitors_come(
    door: Door, ending: threading.Event, *, clock: Callable[[], datetime], seed: int
) -> None:
    """Send one call after another, until the end; a collector that is away is tried again."""
    chance = random.Random(seed)  # noqa: S311  # who comes need not be secret
    for call in _endless(chance):
        if ending.wait(chance.uniform(*BETWEEN)):
            return
        _send(door, {**call, "timestamp": clock().isoformat()})


def _endless(chance: random.Random) -> Iterator[Call]:
    visits = [_visit(chance) for _ in range(4)]
    while True:
        place = chance.randrange(len(visits))
        try:
            yield next(visits[place])
        except StopIteration:
            visits[place] = _visit(chance)


def _visit(chance: random.Random) -> Iterator[Call]:
    """One visitor: reads, some leave their name, a few of these ask for something."""
    device = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    seen = chance.sample(_READING, k=chance.randint(1, 6))
    for path, title in seen:
        yield _page(device, path, title)
    if chance.random() < 0.35:
        yield _introduction(chance, device)
        yield _track(device, "Form Submitted", {"form": "ebook"})
        yield _page(device, "/pricing", "Tarifs")
        if chance.random() < 0.4:
            yield _track(device, chance.choice(_ASKING), {"form": "demo"})


def _page(device: str, path: str, title: str) -> Call:
    properties = {"path": path, "url": SITE + path, "title": title}
    return {"type": "page", "anonymousId": device, "properties": properties}


def _track(device: str, event: str, properties: Call) -> Call:
    return {"type": "track", "anonymousId": device, "event": event, "properties": properties}


def _introduction(chance: random.Random, device: str) -> Call:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    trade, industry = chance.choice(_TRADES)
    title, seniority, department = chance.choice(_ROLES)
    number = chance.randrange(10_000)
    domain = f"{_plain(trade)}-{_plain(last)}-{number}.example"
    traits = {
        "email": f"{_plain(first)}.{_plain(last)}@{domain}",
        "firstName": first,
        "lastName": last,
        "company": f"{trade} {last}",
        "industry": industry,
        "title": title,
        "seniority": seniority,
        "department": department,
        "employees": chance.choice((8, 25, 60, 140, 400)),
        "country": "FR",
        "source": chance.choice(("organic", "ads", "social", "customer_referral")),
    }
    return {"type": "identify", "anonymousId": device, "userId": traits["email"], "traits": traits}


def _plain(text: str) -> str:
    accents: Sequence[tuple[str, str]] = (("é", "e"), ("è", "e"), ("ç", "c"), ("ï", "i"))
    for accent, letter in accents:
        text = text.replace(accent, letter)
    return text.lower().replace(" ", "-")


def _send(door: Door, call: Call) -> None:
    parts = urlsplit(door.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    body = {
        "writeKey": door.key,
        "batch": [{**call, "messageId": str(uuid.uuid4()), "context": {"userAgent": _AGENT}}],
    }
    headers = {"Content-Type": "application/json", "User-Agent": _AGENT}
    try:
        connection.request("POST", "/v1/batch", json.dumps(body).encode(), headers)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        pass  # the collector is being started again; whoever visits comes back
    finally:
        connection.close()


_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
