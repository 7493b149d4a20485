"""The service has begun: waits until it answers, and says where it is and who may come in."""

from __future__ import annotations

import http.client
import time
from datetime import datetime

from passerelle.project.configuration import Configuration
from passerelle.project.failures import Refused
from passerelle.project.installation import answered_hosts
from passerelle.project.service.supervising import Supervisor
from passerelle.project.terminal import Terminal
from passerelle.words import say

PATIENCE = 60.0
"""Seconds in which a service answers, even on a slow machine."""


def until_ready(how: Configuration, supervisor: Supervisor) -> None:
    """Wait until requests are answered, looking after the children meanwhile.

    Raises:
        Refused: it takes too long.
    """
    deadline = time.monotonic() + PATIENCE
    while not supervisor.ending.is_set():
        if _answers(how):
            return
        if time.monotonic() > deadline:
            raise Refused("service.refused.never_ready", n=int(PATIENCE))
        supervisor.look_after()
        supervisor.ending.wait(0.1)


def see_page(terminal: Terminal, how: Configuration) -> None:
    """Look at the page that everybody meets first, and say that it answers.

    Raises:
        Refused: it does not.
    """
    status = _status(how, "/accounts/login/")
    if status not in {http.HTTPStatus.OK, http.HTTPStatus.MOVED_PERMANENTLY}:  # to HTTPS
        raise Refused("service.refused.page_broken", status=status)
    terminal.show(say("service.answers", terminal.language))


def announce(terminal: Terminal, how: Configuration, *, now: datetime) -> None:
    """Say where the service is, and how the first administrator comes in."""
    language = terminal.language
    address = address_of(how)
    terminal.show(say("service.here", language, address=address))
    if (how.data / "sign-in.txt").exists():
        _tell_sign_ins(terminal, how)
    elif token := _first_administrator(now):
        link = f"{address}/settings/begin/{token}/"
        terminal.show(say("service.begin", language, link=link))
    terminal.tell(say("service.end", language))


def tell_administrator_link(terminal: Terminal, how: Configuration, *, now: datetime) -> None:
    """Say how the first administrator comes in, or that there is one."""
    language = terminal.language
    if token := _first_administrator(now):
        link = f"{address_of(how)}/settings/begin/{token}/"
        terminal.show(say("service.begin", language, link=link))
    else:
        terminal.show(say("service.has_administrator", language))


def address_of(how: Configuration) -> str:
    """Where a browser finds the service."""
    return how.public_url or listening_at(how)


def listening_at(how: Configuration) -> str:
    """Where this machine itself finds the service."""
    host = "127.0.0.1" if how.host in {"0.0.0.0", "::"} else how.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{how.port}"


def _tell_sign_ins(terminal: Terminal, how: Configuration) -> None:
    from passerelle.project.service.demo import sign_ins  # noqa: PLC0415  # needs Django, too

    language = terminal.language
    people = sign_ins(how.data)
    terminal.show(say("service.demo.sign_in", language, password=people[0][2]))
    for email, role, _ in people:
        terminal.show(f"  {email}  {say(f'service.role.{role}', language)}")


def _answers(how: Configuration) -> bool:
    return _status(how, "/health/ready") == http.HTTPStatus.OK


def _status(how: Configuration, path: str) -> int:
    """With what it answers; 0 when it does not."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(how.host, how.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, how.port, timeout=15)
    try:
        name = answered_hosts(how)[0].lstrip("*.") or "localhost"
        connection.request("GET", path, headers={"Host": name})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _first_administrator(now: datetime) -> str | None:
    from passerelle.apps.accounts.invitations import (  # noqa: PLC0415  # needs Django to be set up
        first_administrator_link,
    )

    return first_administrator_link(now)
