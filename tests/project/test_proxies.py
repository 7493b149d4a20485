"""Who really asks: trusted proxies are believed, nobody else."""

from typing import Any

import pytest

from passerelle.project.service.proxies import is_this_machine, networks, seen_through

TRUSTED = networks(["10.0.0.0/8", "192.0.2.1"])


def a_request(peer: str, **headers: str) -> dict[str, Any]:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": (peer, 4000), "scheme": "http", "headers": told}


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.4, 203.0.113.9", "203.0.113.9"),  # the first is what the client claimed
        ("203.0.113.9, 10.2.3.4", "203.0.113.9"),  # two proxies of ours
        ("nonsense", "10.1.1.1"),
        ("2001:db8::7", "2001:db8::7"),
    ],
)
def test_a_trusted_proxy_says_who_asks(forwarded: str, client: str) -> None:
    request = a_request("10.1.1.1", x_forwarded_for=forwarded, x_forwarded_proto="https")

    seen = seen_through(request, TRUSTED)

    assert seen["client"][0] == client
    assert seen["scheme"] == "https"
    assert seen["headers"] == []


def test_nobody_else_is_believed() -> None:
    request = a_request("203.0.113.9", x_forwarded_for="127.0.0.1", x_forwarded_proto="https")

    seen = seen_through(request, TRUSTED)

    assert seen["client"][0] == "203.0.113.9"
    assert seen["scheme"] == "http"
    assert seen["headers"] == []


def test_what_came_through_a_proxy_does_not_come_from_this_machine() -> None:
    own = seen_through(a_request("127.0.0.1"), TRUSTED)
    through = seen_through(a_request("127.0.0.1", x_forwarded_for="127.0.0.1"), TRUSTED)

    assert is_this_machine(own)
    assert not is_this_machine(through)
