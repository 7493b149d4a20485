"""What some tests need from outside the checkout, and what becomes of a test that lacks it.

On a person's machine such a test is skipped with a sentence that says how to have it run. Where
`PASSERELLE_REQUIRE` lists the thing (CI lists them all), the test fails instead.
"""

import os
import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
LEFT_OUT = "left out: "


def find(name: str) -> str | None:
    """Where `name` is to be found, or None."""
    return _PLACES[name][0]()


def require(name: str) -> str:
    """Where `name` is to be found: a URL for `postgresql`, else a path.

    Skips the calling test if it is nowhere, or fails it where `PASSERELLE_REQUIRE` lists `name`.
    """
    place, remedy = _PLACES[name]
    found = place()
    if found is not None:
        return found
    if name in os.environ.get("PASSERELLE_REQUIRE", "").split(","):
        pytest.fail(f"PASSERELLE_REQUIRE lists {name}: {remedy}", pytrace=False)
    pytest.skip(f"{LEFT_OUT}{remedy}")


def _postgresql() -> str | None:
    url = os.environ.get("PASSERELLE_POSTGRESQL", "postgresql://127.0.0.1:5432/postgres")
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), 2):
            return url
    except OSError:
        return None


def _chromium() -> str | None:
    return shutil.which(os.environ.get("PASSERELLE_CHROMIUM", "chromium"))


def _node() -> str | None:
    node = shutil.which(os.environ.get("PASSERELLE_NODE", "node"))
    return node if node and Path(node).with_name("npm").exists() else None


def _initdb() -> str | None:
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return str(beside[0]) if beside else shutil.which("initdb")


def _shared() -> str | None:
    place = Path(os.environ.get("PASSERELLE_SHARED", CHECKOUT.parent / "shared"))
    return str(place) if (place / "data").is_dir() else None


_PLACES: Mapping[str, tuple[Callable[[], str | None], str]] = MappingProxyType(
    {
        "postgresql": (
            _postgresql,
            "no PostgreSQL answers; start one and name it in PASSERELLE_POSTGRESQL",
        ),
        "chromium": (
            _chromium,
            "no Chromium is installed; install it, or name its program in PASSERELLE_CHROMIUM",
        ),
        "node": (
            _node,
            "no Node.js with npm is installed; install it, or name its program in PASSERELLE_NODE",
        ),
        "initdb": (
            _initdb,
            "PostgreSQL's own programs are not here; install its server, so that it can be killed",
        ),
        "shared": (
            _shared,
            "the shared real data are not beside this checkout; name them in PASSERELLE_SHARED",
        ),
    }
)
