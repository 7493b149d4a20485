"""The published Node.js clients, unchanged: what they say arrives, once, whatever happens."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.collecting import RunningCollector, unpacked
from tests.clients.relay import Relay

TOLD = Counter({"demo_requested": 10, "page": 1, "identified": 1, "grouped": 1, "aliased": 1})
WITHOUT_ALIAS = TOLD - Counter(["aliased"])


def telling(
    client: str, modules: Path, line: Relay, write_key: str, require: Callable[[str], str]
) -> subprocess.Popen[str]:
    script = Path(__file__).parent / "node" / f"{client}.cjs"
    return subprocess.Popen(
        [require("node"), str(script), line.origin, write_key],
        env={**os.environ, "NODE_PATH": str(modules)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("client", "told"),
    [
        ("segment", TOLD),
        ("rudderstack", TOLD),
        ("jitsu", WITHOUT_ALIAS),
        ("posthog", TOLD),
    ],
)
def test_all_that_a_client_says_arrives_with_its_names(
    client: str,
    told: Counter[str],
    modules: Path,
    line: Relay,
    write_key: str,
    require: Callable[[str], str],
) -> None:
    with telling(client, modules, line, write_key, require) as process:
        said, complaints = process.communicate(timeout=60)

    assert (said.strip(), complaints) == ("told everything", "")
    events = unpacked(lambda found: len(found) >= told.total())
    assert Counter(event.name for event in events) == told
    demos = [event for event in events if event.name == "demo_requested"]
    assert [event.properties["n"] for event in demos] == list(range(1, 11))
    [page] = (event for event in events if event.name == "page")
    assert page.properties["path"] == "/pricing"
    [who] = (event for event in events if event.name == "identified")
    assert who.properties["email"] == "ada@firm.example"
    if client != "jitsu":  # on a server it does not keep who it speaks of
        assert {event.subject.value for event in demos} == {"u-ada"}


@pytest.mark.parametrize("client", ["segment", "rudderstack", "posthog"])
def test_nothing_is_lost_or_doubled_on_a_bad_line_and_over_a_restart(
    client: str,
    modules: Path,
    line: Relay,
    collector: RunningCollector,
    write_key: str,
    require: Callable[[str], str],
) -> None:
    line.troubles += ["busy", "cut"]

    with telling(client, modules, line, write_key, require) as process:
        while line.posts < 2:
            assert process.poll() is None
            time.sleep(0.01)
        collector.stop()
        time.sleep(0.5)
        collector.start()
        said, _ = process.communicate(timeout=90)

    assert said.strip() == "told everything"
    events = unpacked(lambda found: len(found) >= TOLD.total())
    assert Counter(event.name for event in events) == TOLD
    assert line.posts > 3
