"""A child process ends with its parent, however that one dies: it holds one end of a pipe."""

from __future__ import annotations

import os
import signal
import threading
import time

LIFELINE = "PASSERELLE_LIFELINE"
"""The file descriptor whose other end the parent alone holds, and never writes to."""

PATIENCE = 20.0
"""Seconds that a child has to end in order once its parent is gone."""


def is_child() -> bool:
    """Whether this process was started by `passerelle serve`."""
    return LIFELINE in os.environ


def hold_lifeline() -> None:
    """Watch the parent from now on, if there is one; ask oneself to stop when it is gone."""
    descriptor = os.environ.get(LIFELINE)
    if descriptor is not None:
        threading.Thread(target=_wait_for_end, args=(int(descriptor),), daemon=True).start()


def _wait_for_end(descriptor: int) -> None:
    while True:
        try:
            if not os.read(descriptor, 1):
                break
        except InterruptedError:
            continue
        except OSError:
            break
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)  # it would not end in order, and nobody is left to see to it
