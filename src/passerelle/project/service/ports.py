"""Whether the address that was asked for is free to listen at."""

from __future__ import annotations

import errno
import socket

from passerelle.project.configuration import Configuration
from passerelle.project.failures import Refused


def refuse_taken_port(how: Configuration) -> None:
    """Say so when somebody else listens there; asked before anything is started.

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
