"""Who sends: the address behind trusted proxies, shortened so that it names nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

_KEPT_OF_V4 = 24  # bits
_KEPT_OF_V6 = 48


@lru_cache(maxsize=4096)
def shortened(address: str) -> str:
    """The network an address is in, as its first address; empty if it is none."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return ""
    kept = _KEPT_OF_V4 if isinstance(found, IPv4Address) else _KEPT_OF_V6
    return str(ip_network((str(found), kept), strict=False)[0])


def kept_address(setting: str) -> Callable[[str], str]:
    """What is kept of an address under a setting: `whole`, `none`, or `shortened`."""
    match setting:
        case "whole":
            return _valid
        case "none":
            return lambda _: ""
        case _:
            return shortened


class Peers:
    """Reads who sends, and believes the headers of trusted proxies alone."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted = [ip_network(one, strict=False) for one in trusted]

    def trusts(self, scope: Mapping[str, Any]) -> bool:
        """Whether the request comes from one of our own proxies."""
        return bool(self._trusted) and self._is_ours((scope.get("client") or ("",))[0])

    def address(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> str:
        """The address of the client: the last one before our own proxies."""
        peer: str = (scope.get("client") or ("",))[0]
        if not self._trusted or not self._is_ours(peer):
            return peer
        chain = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        for one in reversed([part.strip() for part in chain if part.strip()]):
            peer = one
            if not self._is_ours(one):
                break
        return peer

    def _is_ours(self, address: str) -> bool:
        return _within(address, tuple(self._trusted))


@lru_cache(maxsize=1024)
def _within(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)


@lru_cache(maxsize=4096)
def _valid(address: str) -> str:
    try:
        return str(ip_address(address.strip()))
    except ValueError:
        return ""
