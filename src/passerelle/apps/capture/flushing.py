"""Writes down, beside the way of an event, what the collector counted: drops and used keys."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from django.db import connection

from passerelle.apps.capture.actions import mark_used, record_drops
from passerelle.apps.capture.drops import DropCounter
from passerelle.apps.capture.keyring import Keyring

logger = logging.getLogger(__name__)


async def flush(drops: DropCounter, keys: Keyring) -> None:
    """Write what was counted into the database; what cannot be written is kept for later."""
    taken = drops.take()
    used, keys.used = keys.used, set()
    if not taken and not used:
        return

    def write() -> None:
        now = datetime.now(UTC)
        try:
            record_drops(taken, now=now)
            mark_used(used, now=now)
        finally:
            connection.close()  # the thread may never come back

    try:
        await asyncio.to_thread(write)
    except Exception:
        logger.exception("drops cannot be written down now")
        drops.put_back(taken)
        keys.used |= used
