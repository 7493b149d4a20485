"""The whole service in one process group, or one part of it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Literal

from passerelle.project.clock import now
from passerelle.project.configuration import Configuration, configuration, variable
from passerelle.project.failures import Refused
from passerelle.project.service.announcing import announce, listening_at, see_page, until_ready
from passerelle.project.service.lanes import LANES, Lane
from passerelle.project.service.lifeline import is_child
from passerelle.project.service.locking import only_one
from passerelle.project.service.metrics import share_metrics
from passerelle.project.service.ports import holding_port
from passerelle.project.service.signals import end_on_signals
from passerelle.project.service.starting import (
    live_in,
    migrate_database,
    refuse_unmigrated,
    refuse_wrong_settings,
    set_up,
)
from passerelle.project.service.supervising import Role, Supervisor
from passerelle.project.terminal import Terminal


def serve(
    terminal: Terminal,
    folder: Path | None,
    *,
    host: str | None = None,
    port: int | None = None,
    demo: bool = False,
    once: bool = False,
) -> None:
    """Serve until told to end; with `once`, until it has been seen to answer.

    Raises:
        WrongSettings, Refused: it cannot be served like that.
    """
    if folder is not None or demo:
        live_in(folder or Path("demo/service"))
    _listen_at(host, port)
    how = configuration()
    _refuse_many_writers(how)
    with holding_port(how):
        how = set_up()
        refuse_wrong_settings()
        _serve(terminal, how, demo=demo, once=once)


def _serve(terminal: Terminal, how: Configuration, *, demo: bool, once: bool) -> None:
    with only_one(how.data):
        migrate_database()
        share_metrics(how.data)
        extra: list[Role] = []
        if demo:
            from passerelle.project.service.demo import settle_demo  # noqa: PLC0415

            extra = settle_demo(terminal, how, now=now())
        supervisor = Supervisor([*_roles(how), *extra])
        end_on_signals(supervisor.ending)
        supervisor.start()
        try:
            until_ready(how, supervisor)
            announce(terminal, how, now=now())
            if once:
                see_page(terminal, how)
                supervisor.ending.set()
            supervisor.watch()
        finally:
            supervisor.stop()


def answer(
    part: Literal["both", "pages", "collector"], *, host: str | None = None, port: int | None = None
) -> None:
    """Answer requests with one part or both, until told to end.

    Raises:
        WrongSettings, Refused: it cannot be done like that.
    """
    _listen_at(host, port)
    how = configuration()
    if not is_child():
        _refuse_apart(how)
        with holding_port(how):
            share_metrics(how.data)
            _answer(part)
    else:
        _answer(part)


def _answer(part: Literal["both", "pages", "collector"]) -> None:
    how = set_up()
    refuse_wrong_settings()
    refuse_unmigrated()
    from passerelle.project.service.http import answer_requests  # noqa: PLC0415  # loads the apps

    answer_requests(how, part)


def work(lane: Lane | None) -> None:
    """Work in one lane until told to end; without one, keep a process a lane running.

    Raises:
        WrongSettings, Refused: it cannot be done like that.
    """
    how = set_up()
    if not is_child():
        _refuse_apart(how)
        refuse_wrong_settings()
    refuse_unmigrated()
    if lane is None:
        supervisor = Supervisor(_workers(how))
        end_on_signals(supervisor.ending)
        supervisor.start()
        supervisor.watch()
        return
    from passerelle.project.service.steps import steps  # noqa: PLC0415  # loads the apps
    from passerelle.project.service.working import Worker  # noqa: PLC0415

    ending = threading.Event()
    end_on_signals(ending)
    Worker(lane, steps(lane), now, ending).run()


def visit() -> None:
    """Let the demo's visitors come, until told to end."""
    how = set_up()
    from passerelle.apps.capture.models import WriteKey  # noqa: PLC0415  # after the set-up
    from passerelle.project.service.demo import NAME  # noqa: PLC0415
    from passerelle.project.service.visitors import Door, let_visitors_come  # noqa: PLC0415

    ending = threading.Event()
    end_on_signals(ending)
    key = WriteKey.objects.filter(source__name=NAME, revoked_at=None).latest("created_at").key
    let_visitors_come(Door(listening_at(how), key), ending, clock=now, seed=os.getpid())


def _listen_at(host: str | None, port: int | None) -> None:
    """What was typed goes before the settings, in this process and its children."""
    for name, value in (("host", host), ("port", port)):
        if value is not None:
            os.environ[variable(name)] = str(value)


def _roles(how: Configuration) -> list[Role]:
    web = [Role(f"web-{n + 1}", ("web", "--collect")) for n in range(how.web_processes)]
    return [*web, *_workers(how)]


def _workers(how: Configuration) -> list[Role]:
    numbers = {"live": how.workers, "bulk": 1}
    return [
        Role(f"{lane}-{n + 1}", ("work", "--lane", lane))
        for lane in LANES
        for n in range(numbers[lane])
    ]


def _refuse_many_writers(how: Configuration) -> None:
    if how.is_sqlite and how.workers > 1:
        raise Refused("service.refused.several_workers")


def _refuse_apart(how: Configuration) -> None:
    if how.is_sqlite:
        raise Refused("service.refused.one_machine")
    _refuse_many_writers(how)
