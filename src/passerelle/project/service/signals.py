"""How a process is asked to end."""

from __future__ import annotations

import signal
import threading


def end_on_signals(ending: threading.Event) -> None:
    """SIGTERM and SIGINT ask for the end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
