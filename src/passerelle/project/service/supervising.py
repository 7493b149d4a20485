"""One process group: starts its children, starts again those that die, ends them all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from passerelle.project.service.lifeline import LIFELINE

GRACE = 20.0
"""Seconds that children have to finish what they do before they are killed."""

SHORTEST_WAIT, LONGEST_WAIT = 0.2, 30.0
STEADY_AFTER = 30.0
"""Seconds after which a child counts as having begun well: its next death is a first one."""

_log = structlog.stdlib.get_logger("passerelle.supervisor")


@dataclass(frozen=True, slots=True)
class Role:
    """A child to be kept running: its name, and what follows `passerelle` in its command."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    """Whether it may end by itself: then it is not started again."""


@dataclass(slots=True)
class _Child:
    role: Role
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    deaths: int = 0
    not_before: float = 0.0


class Supervisor:
    """Keeps one child a role; they end when it ends, even when it is killed."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._children = [_Child(role) for role in roles]
        self.ending = threading.Event()
        # The children hold the reading end. Nobody else has the writing one, which is never
        # inherited, so that it closes with this process.
        self._lifeline, self._held = os.pipe()

    def start(self) -> None:
        """Start every child."""
        for child in self._children:
            self._spawn(child)

    def watch(self) -> None:
        """Start children again that die, until `ending` is set; then end them."""
        while not self.ending.wait(0.1):
            self.look_after()
        self.stop()

    def look_after(self) -> None:
        """Look at each child once."""
        for child in self._children:
            process = child.process
            if process is not None and process.poll() is not None:
                self._mourn(child, process.returncode)
            elif process is None and not child.role.once and time.monotonic() >= child.not_before:
                self._spawn(child)

    def stop(self) -> None:
        """Ask all children to end; kill those that do not within the grace."""
        living = [child.process for child in self._children if child.process is not None]
        for process in living:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in living:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _log.warning("a process would not end and is killed", pid=process.pid)
                process.kill()
                process.wait()
        for child in self._children:
            child.process = None

    def pids(self) -> dict[str, int]:
        """The children that run, by the name of their role."""
        return {
            child.role.name: child.process.pid
            for child in self._children
            if child.process is not None
        }

    def _spawn(self, child: _Child) -> None:
        environment = {**os.environ, **child.role.environment, LIFELINE: str(self._lifeline)}
        child.process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "passerelle.project.main", *child.role.arguments],
            env=environment,
            pass_fds=(self._lifeline,),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C reaches us, and through us the children, once
        )
        child.began = time.monotonic()
        _log.info("a process begins", role=child.role.name, pid=child.process.pid)

    def _mourn(self, child: _Child, ended_with: int) -> None:
        child.process = None
        if child.role.once:
            return
        steady = time.monotonic() - child.began > STEADY_AFTER
        child.deaths = 1 if steady else child.deaths + 1
        wait = min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** min(child.deaths - 1, 10))
        child.not_before = time.monotonic() + wait
        _log.error(
            "a process died and is started again",
            role=child.role.name, ended_with=ended_with, again_in=wait,
        )  # fmt: skip
