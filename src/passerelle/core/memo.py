"""A memory of what was worked out, with a bound: when it is full, the older half is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST = 50_000


class Memo(dict[K, V]):
    """`memo[key]` is what `work` makes of the key, worked out when it is first asked for."""

    def __init__(self, work: Callable[[K], V], *, most: int = MOST) -> None:
        super().__init__()
        self._work, self._most = work, most

    def __missing__(self, key: K) -> V:
        return self._keep(key, self._work(key))

    def _keep(self, key: K, value: V) -> V:
        if len(self) >= self._most:
            for old in list(islice(self, self._most // 2)):
                del self[old]
        self[key] = value
        return value
