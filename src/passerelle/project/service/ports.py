"""Whether the address that was asked for is free to listen at."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from passerelle.project.configuration import Configuration
from passerelle.project.failures import Refused


@contextmanager
def holding_port(how: Configuration) -> Iterator[None]:
    """Keep the port for this service alone, from before anything is started to its end.

    Several processes of one service listen at one port, and Linux lets all processes of a user
    join them: without this, two services begun at once would share the visitors between them.

    Raises:
        Refused: the port is taken, or the address is not of this machine.
    """
    _refuse_taken(how)
    lock = Path(tempfile.gettempdir(), f"passerelle-{os.getuid()}-port-{how.port}.lock")
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise Refused("service.refused.port_taken", host=how.host, port=how.port) from fault
        yield


def _refuse_taken(how: Configuration) -> None:
    """Say so when somebody listens there already.

    Raises:
        Refused: the port is taken, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in how.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((how.host, how.port))
        except OSError as fault:
            where = {"host": how.host, "port": how.port}
            if fault.errno == errno.EADDRINUSE:
                raise Refused("service.refused.port_taken", **where) from fault
            if fault.errno == errno.EACCES:
                raise Refused("service.refused.port_forbidden", **where) from fault
            raise Refused("service.refused.no_address", **where, detail=str(fault)) from fault
