"""One process that answers requests, until it is told to end; loaded once Django is set up."""

from __future__ import annotations

import asyncio
import signal
from typing import Literal, cast

from django.conf import settings
from django.core.asgi import get_asgi_application
from granian.constants import Interfaces
from granian.server.embed import Server

from passerelle.apps.capture.collector import Collector
from passerelle.apps.capture.routes import serves
from passerelle.project.bounded import bounded
from passerelle.project.configuration import Configuration
from passerelle.project.service.answering import Answering, Application, Parts

Part = Literal["both", "pages", "collector"]


def answer_requests(how: Configuration, part: Part = "both") -> None:
    """Answer requests until SIGTERM or SIGINT; those under way are finished."""
    asyncio.run(_serve(how, part))


def parts(part: Part) -> Parts:
    """What this process answers with."""
    pages = collector = None
    if part != "collector":
        pages = cast(
            "Application", bounded(get_asgi_application(), limit=settings.UPLOAD_MAX_BYTES)
        )
    if part != "pages":
        collector = cast("Application", Collector())
    return Parts(pages=pages, collector=collector, collects=serves)


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
