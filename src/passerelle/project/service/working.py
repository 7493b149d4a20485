"""A worker: takes the steps of its lane in turn, rests when there is nothing to do."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, connection

import passerelle
from passerelle.apps.running.actions import Identity, beat, leave
from passerelle.project.service.lanes import Lane
from passerelle.project.service.metrics import counted
from passerelle.project.service.steps import Step

SHORTEST_REST, LONGEST_REST = 0.02, 0.2
"""Seconds between two rounds in which there was nothing to do; a rest doubles the next."""

BEAT_EVERY = 10.0
LONGEST_WAIT = 60.0
"""Seconds that a failing step waits at most before it is tried again."""

_log = structlog.stdlib.get_logger("passerelle.worker")


@dataclass(slots=True)
class _Course:
    """How one step has fared."""

    items: int = 0
    failures: int = 0
    in_a_row: int = 0
    not_before: float = 0.0
    last_at: datetime | None = None
    last_failure: str = ""

    def told(self) -> dict[str, Any]:
        """As it is kept for others to see."""
        return {
            "items": self.items,
            "failures": self.failures,
            "failing": self.in_a_row > 0,
            "last_at": self.last_at.isoformat() if self.last_at else None,
            "last_failure": self.last_failure,
        }


@dataclass(slots=True)
class Worker:
    """Works until `ending` is set. `clock` says what time it is."""

    lane: Lane
    steps: Sequence[Step]
    clock: Callable[[], datetime]
    ending: threading.Event = field(default_factory=threading.Event)
    first_wait: float = 0.5  # seconds, after a step's first failure; each further one doubles it
    _courses: dict[str, _Course] = field(default_factory=dict)
    _beaten: float = float("-inf")

    def run(self) -> None:
        """Take round after round; a step under way is finished before the end."""
        rest = SHORTEST_REST
        _log.info("a worker begins", lane=self.lane, steps=[step.name for step in self.steps])
        while not self.ending.is_set():
            done = self.round()
            self._beat()
            if done:
                rest = SHORTEST_REST
            else:
                self.ending.wait(rest)
                rest = min(LONGEST_REST, rest * 2)
        self._say_goodbye()

    def round(self) -> int:
        """Take each step once that is not waiting after a failure; how many items were done."""
        return sum(self._take(step) for step in self.steps if not self.ending.is_set())

    def _take(self, step: Step) -> int:
        course = self._courses.setdefault(step.name, _Course())
        began = time.monotonic()
        if began < course.not_before:
            return 0
        now = self.clock()
        try:
            done = step.work(now)
        except Exception as fault:  # noqa: BLE001  # whatever it is, the other steps go on
            self._failed(step, course, fault)
            return 0
        course.in_a_row = 0
        if done:
            course.items += done
            course.last_at = now
            counted().items.labels(step.name).inc(done)
            counted().step_seconds.labels(step.name).observe(time.monotonic() - began)
        return done

    def _failed(self, step: Step, course: _Course, fault: Exception) -> None:
        course.failures += 1
        course.in_a_row += 1
        course.last_failure = type(fault).__name__
        wait = min(LONGEST_WAIT, self.first_wait * 2 ** min(course.in_a_row - 1, 10))
        course.not_before = time.monotonic() + wait
        counted().failures.labels(step.name).inc()
        _log.error("a step failed", step=step.name, again_in=wait, exc_info=fault)
        if isinstance(fault, (DatabaseError, InterfaceError)):
            connection.close()  # it may be broken; the next query opens another

    def _beat(self) -> None:
        if time.monotonic() - self._beaten < BEAT_EVERY:
            return
        self._beaten = time.monotonic()
        try:
            beat(
                this_process(self.lane),
                {name: course.told() for name, course in self._courses.items()},
                now=self.clock(),
            )
        except DatabaseError as fault:
            _log.error("a sign of life could not be given", exc_info=fault)
            connection.close()

    def _say_goodbye(self) -> None:
        try:
            leave(this_process(self.lane))
        except DatabaseError as fault:
            _log.warning("a worker could not say goodbye", exc_info=fault)
        _log.info("a worker has ended", lane=self.lane)


def this_process(lane: Lane) -> Identity:
    """This process, working in that lane."""
    return Identity(socket.gethostname(), os.getpid(), lane, passerelle.__version__)
