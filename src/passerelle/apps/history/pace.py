"""How often and in what sizes the history is written; settings of the same names go before."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

HISTORY_BATCH = 20_000
"""Events a step copies."""

HISTORY_WITHIN = timedelta(minutes=1)
"""Fewer events than a batch are copied once the oldest has waited so long."""

HISTORY_GRACE = timedelta(hours=6)
"""How long a replaced file stays for those who are reading it."""

FAN = 8
"""So many files of about one size in a month are merged into one."""

FULL = 4_000_000
"""Files of so many events are merged no more."""

TEND_EVERY = timedelta(minutes=1)
SWEEP_EVERY = timedelta(hours=1)


def batch() -> int:
    """Events a step copies."""
    return int(getattr(settings, "HISTORY_BATCH", HISTORY_BATCH))


def within() -> timedelta:
    """How long an event may wait for its batch to fill."""
    wait: timedelta = getattr(settings, "HISTORY_WITHIN", HISTORY_WITHIN)
    return wait


def grace() -> timedelta:
    """How long a replaced file stays."""
    stay: timedelta = getattr(settings, "HISTORY_GRACE", HISTORY_GRACE)
    return stay
