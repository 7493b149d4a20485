"""From which address a request comes, when proxies stand in between."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  # no address to bind to: it stands for none, as over a socket file


def client_address(request: HttpRequest) -> str:
    """The address of whom a request comes from.

    `X-Forwarded-For` is believed as far as the proxies that wrote it are trusted
    (`trusted_proxies`): read from its end, the first address that is no such proxy. Anybody can
    write what stands before.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    chain = [*(hop.strip() for hop in hops), request.META.get("REMOTE_ADDR", "")]
    nearest = UNKNOWN
    for hop in reversed(chain):
        address = _address(hop)
        if address is None:
            break
        nearest = str(address)
        if not _is_trusted(address):
            break
    return nearest


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@cache
def _networks(proxies: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy, strict=False) for proxy in proxies)
