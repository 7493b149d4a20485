"""A memory of what was worked out, with a bound: when it is full, the older half is forgotten."""

from __future__ import annotations

from itertools import islice
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST = 50_000


class Memo(dict[K, V]):
    """What was worked out for a key; a kind of it may work out by `__missing__` what it lacks."""

    def __init__(self, *, most: int = MOST) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: K, value: V) -> V:
        """The value, from now on remembered."""
        if len(self) >= self._most:
            for old in list(islice(self, self._most // 2)):
                del self[old]
        self[key] = value
        return value
