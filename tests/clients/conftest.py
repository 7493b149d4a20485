"""What the tests of the published clients share.

pytest reads this file before Django is set up, so models are imported when they are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.clients.installed import client_modules
from tests.clients.relay import Relay

if TYPE_CHECKING:
    from tests.clients.collecting import RunningCollector


@pytest.fixture
def modules(require: Callable[[str], str]) -> Path:
    """The folder with the published clients; asks for Node.js."""
    return client_modules(require)


@pytest.fixture
def write_key(transactional_db: None) -> str:
    """The key of a source."""
    from passerelle.apps.capture.actions import create_source  # noqa: PLC0415
    from passerelle.apps.capture.queries import usable_keys  # noqa: PLC0415

    source = create_source("Web site", by=None, now=datetime.now(UTC))
    [key] = usable_keys(source)
    return key.key


@pytest.fixture
def collector(write_key: str, tmp_path: Path) -> Iterator[RunningCollector]:
    """A collector that knows the key."""
    from tests.clients.collecting import a_running_collector  # noqa: PLC0415

    with a_running_collector(tmp_path) as collector:
        yield collector


@pytest.fixture
def line(collector: RunningCollector) -> Iterator[Relay]:
    """The way to the collector, on which trouble can be made."""
    with Relay(collector.origin) as relay:
        yield relay
