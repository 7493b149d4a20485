"""What is counted, for Prometheus; every process of a machine counts into one folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from passerelle.project.service.lanes import LANES

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_metrics(data: Path) -> Path:
    """Let this process and its children count into one folder, begun anew.

    Call it before anything of `prometheus_client` is loaded: it looks only then.
    """
    folder = data / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ[FOLDER] = str(folder)
    return folder


class Counted:
    """The measures of one process."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Histogram  # noqa: PLC0415  # after share_metrics

        self.requests = Counter(
            "passerelle_http_requests", "Requests answered.", ["part", "method", "status"]
        )
        self.request_seconds = Histogram(
            "passerelle_http_seconds", "Time to answer a request.", ["part"],
            buckets=(0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10),
        )  # fmt: skip
        self.items = Counter("passerelle_step_items", "Items that workers have done.", ["step"])
        self.failures = Counter("passerelle_step_failures", "Steps that failed.", ["step"])
        self.step_seconds = Histogram(
            "passerelle_step_seconds", "Time of one step of a worker that did something.", ["step"],
            buckets=(0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30, 120, 600),
        )  # fmt: skip


_counted: list[Counted] = []


def counted() -> Counted:
    """The measures of this process, made when first asked for."""
    if not _counted:
        _counted.append(Counted())
    return _counted[0]


def exposition(*, now: datetime) -> bytes:
    """Everything counted on this machine, and how much waits, in Prometheus' text format."""
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    registry = REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + "".join(_gauges(now)).encode()


def _gauges(now: datetime) -> Iterator[str]:
    from passerelle.apps.running.queries import living  # noqa: PLC0415  # needs Django to be set up
    from passerelle.project.service.backlog import backlog  # noqa: PLC0415

    yield "# HELP passerelle_waiting Rows that wait for a worker.\n"
    yield "# TYPE passerelle_waiting gauge\n"
    for name, n in backlog().items():
        yield f'passerelle_waiting{{of="{name}"}} {n}\n'
    yield "# HELP passerelle_workers Workers that gave a sign of life in the last minute.\n"
    yield "# TYPE passerelle_workers gauge\n"
    lanes = [process.lane for process in living(now=now)]
    for lane in LANES:
        yield f'passerelle_workers{{lane="{lane}"}} {lanes.count(lane)}\n'
