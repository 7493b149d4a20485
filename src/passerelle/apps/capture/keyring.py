"""The write keys a collector accepts, kept in memory and looked at anew every few seconds."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import close_old_connections, connection

from passerelle.apps.capture.limits import Limits
from passerelle.apps.capture.queries import open_keys

_SOONEST = 0.3  # seconds between two looks, however many unknown keys come

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class OpenSource:
    """A source that may write: whose browsers, and how much is left of its rate."""

    id: int
    origins: frozenset[str]
    allowance: float
    counted_at: float = field(default_factory=time.monotonic)

    def spend(self, events: int, *, limits: Limits) -> bool:
        """Take that many events from the rate, if it has any left."""
        if limits.events_per_second <= 0:
            return True
        moment = time.monotonic()
        most = limits.events_per_second * limits.burst_seconds
        earned = (moment - self.counted_at) * limits.events_per_second
        self.allowance = min(most, self.allowance + earned)
        self.counted_at = moment
        if self.allowance < 1:
            return False
        self.allowance -= events  # a batch may go below nothing, and waits the longer
        return True


class Keyring:
    """Which source a write key opens, at most a few seconds old."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_key: dict[str, OpenSource] = {}
        self._by_id: dict[int, OpenSource] = {}
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()
        self.used: set[str] = set()

    def known(self, key: str) -> OpenSource | None:
        """The source of a key, as far as is known without looking."""
        return self._by_key.get(key)

    async def find(self, key: str) -> OpenSource | None:
        """The source of a key; an unknown one may be new, so look once more."""
        source = self._by_key.get(key)
        if source is None and time.monotonic() - self._looked_at > _SOONEST:
            await self.refresh()
            source = self._by_key.get(key)
        return source

    async def refresh(self) -> None:
        """Read the keys anew; when the database does not answer the old ones stand."""
        async with self._looking:
            if time.monotonic() - self._looked_at <= _SOONEST:
                return
            try:
                self._replace(await asyncio.to_thread(_read))
            except Exception:
                logger.exception("the write keys cannot be read; the known ones stand")
            self._looked_at = time.monotonic()

    def _replace(self, keys: Mapping[str, tuple[int, frozenset[str]]]) -> None:
        by_id: dict[int, OpenSource] = {}
        for source_id, origins in keys.values():
            source = self._by_id.get(source_id)
            if source is None:
                full = self._limits.events_per_second * self._limits.burst_seconds
                source = OpenSource(source_id, origins, full)
            source.origins = origins
            by_id[source_id] = source
        self._by_id = by_id
        self._by_key = {key: by_id[source_id] for key, (source_id, _) in keys.items()}


def _read() -> Mapping[str, tuple[int, frozenset[str]]]:
    close_old_connections()
    try:
        return open_keys()
    finally:
        connection.close()  # the thread may never come back
