"""What a piece of work costs, said as the benchmarks say it."""

from __future__ import annotations

import time
from collections.abc import Callable


def timed(what: str, work: Callable[[], object]) -> float:
    """The least CPU seconds of two runs."""
    best, wall = float("inf"), float("inf")
    for _ in range(2):
        started, cpu = time.perf_counter(), time.process_time()
        work()
        best = min(best, time.process_time() - cpu)
        wall = min(wall, time.perf_counter() - started)
    print(f"{what}: {best:.2f} s CPU, {wall:.2f} s on the clock")
    return best
