"""Who really asks: what proxies say is believed of those that the settings name, of nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

Networks = tuple[IPv4Network | IPv6Network, ...]
Header = tuple[bytes, bytes]

FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded")


def networks(named: Sequence[str]) -> Networks:
    """The networks of the trusted proxies."""
    return tuple(ip_network(name, strict=False) for name in named)


def seen_through(scope: dict[str, Any], trusted: Networks) -> dict[str, Any]:
    """The request as the first trusted proxy met it; without what others claim.

    `X-Forwarded-For` is read from its end: the last address that is no trusted proxy's asked.
    """
    headers: list[Header] = scope["headers"]
    if not any(name in FORWARDED for name, _ in headers):
        return scope
    own = [(name, value) for name, value in headers if name not in FORWARDED]
    peer = (scope.get("client") or ("", 0))[0]
    if not _is_trusted(peer, trusted):
        return {**scope, "headers": own, "passerelle.forwarded": True}
    client = _first_untrusted(_values(headers, b"x-forwarded-for"), trusted) or peer
    scheme = next(iter(_values(headers, b"x-forwarded-proto")), scope.get("scheme", "http"))
    return {
        **scope,
        "headers": own,
        "client": (client, 0),
        "scheme": scheme if scheme in {"http", "https"} else scope.get("scheme", "http"),
        "passerelle.forwarded": True,
    }


def is_this_machine(scope: dict[str, Any]) -> bool:
    """Whether the request came from this machine itself, by no proxy."""
    peer = (scope.get("client") or ("", 0))[0]
    try:
        return ip_address(peer).is_loopback and not scope.get("passerelle.forwarded")
    except ValueError:
        return False


def _values(headers: Iterable[Header], wanted: bytes) -> list[str]:
    told = ",".join(value.decode("latin-1") for name, value in headers if name == wanted)
    return [part.strip() for part in told.split(",") if part.strip()]


def _first_untrusted(addresses: Sequence[str], trusted: Networks) -> str | None:
    for address in reversed(addresses):
        if not _is_trusted(address, trusted):
            return address if _is_address(address) else None
    return addresses[0] if addresses else None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def _is_trusted(address: str, trusted: Networks) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in trusted)
