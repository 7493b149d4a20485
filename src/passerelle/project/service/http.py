"""One process that answers requests, until it is told to end."""

from __future__ import annotations

import asyncio
import signal
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, cast

from granian.constants import Interfaces
from granian.server.embed import Server

from passerelle.project.configuration import Configuration
from passerelle.project.service.answering import Answering, Application, Parts

Part = Literal["both", "pages", "collector"]


def answer_requests(how: Configuration, part: Part = "both") -> None:
    """Answer requests until SIGTERM or SIGINT; those under way are finished."""
    asyncio.run(_serve(how, part))


def parts(part: Part) -> Parts:
    """What this process answers with; loads Django, which has to be set up."""
    pages = collector = None
    if part != "collector":
        from django.core.asgi import get_asgi_application  # noqa: PLC0415  # sets Django up

        pages = get_asgi_application()
    if part != "pages":
        collector = _collector()
    return Parts(pages=pages, collector=collector, collects=_collects)


def _collector() -> Application | None:
    if find_spec("passerelle.apps.capture.collector") is None:
        return None
    module: Any = import_module("passerelle.apps.capture.collector")
    return cast("Application", module.application)


def _collects(path: str) -> bool:
    return path.startswith(("/v1/", "/api/s/", "/beacon/", "/batch", "/e/", "/analytics.js/"))


async def _serve(how: Configuration, part: Part) -> None:
    server = Server(
        Answering(parts(part), how),
        address=how.host,
        port=how.port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=1024,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve()
