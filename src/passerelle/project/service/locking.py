"""A data folder is served by one process group alone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from passerelle.project.failures import Refused


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the folder for as long as the block runs; it is let go of however the process ends.

    Raises:
        Refused: somebody else holds it.
    """
    with (data / "serving").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise Refused("service.refused.served_already", path=data) from fault
        yield
