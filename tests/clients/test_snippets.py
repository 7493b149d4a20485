"""The code that the sources' pages offer works as it is pasted."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx

from passerelle.apps.capture.snippets import snippets
from tests.clients.collecting import RunningCollector, unpacked


def code(client: str, key: str, collector: RunningCollector) -> str:
    offered = {s.client: s.code for s in snippets(key, url=collector.origin)}
    return offered[client]


def told() -> Counter[str]:
    events = unpacked(lambda found: any(event.kind == "track" for event in found))
    assert {event.subject.value for event in events} == {"42"}
    return Counter(event.name for event in events)


def test_the_python_code_runs(write_key: str, collector: RunningCollector) -> None:
    pasted = code("python", write_key, collector)

    subprocess.run([sys.executable, "-c", pasted], check=True, timeout=60)

    assert told() == Counter(["identified", "demo_requested"])


def test_the_node_code_runs(
    modules: Path, write_key: str, collector: RunningCollector, require: Callable[[str], str]
) -> None:
    script = modules.parent / "snippet.mjs"  # beside the modules, where imports look
    script.write_text(code("node", write_key, collector), "utf-8")

    subprocess.run([require("node"), str(script)], check=True, timeout=60)

    assert told() == Counter(["identified", "demo_requested"])


def test_the_curl_line_is_a_request_that_is_taken(
    write_key: str, collector: RunningCollector
) -> None:
    line = code("curl", write_key, collector).replace("\\\n", "")  # as a shell joins it
    _, _, user, url, _, data = shlex.split(line)
    name, _, password = user.partition(":")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}  # as curl says by itself

    answer = httpx.post(url, content=data, auth=(name, password), headers=headers)

    assert answer.status_code == 200
    assert told() == Counter(["demo_requested"])
