"""How the log arrives: wrong clocks, late and repeated messages, ids in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerelle.demo.draws import HOUR, MINUTE, SECOND, Codes, Flags, chance, lognormal
from passerelle.demo.log import Rows, keep
from passerelle.demo.season import Season
from passerelle.demo.vocabulary import BROWSER_EVENTS, EVENTS, SALES_EVENTS

NULL = np.iinfo(np.int64).min
_LATE, _TWICE, _SKEWED, _UNDATED = 0.02, 0.01, 0.005, 0.03
_IS_BROWSER = np.array([name in BROWSER_EVENTS for name in EVENTS])
_IS_SALES = np.array([name in SALES_EVENTS for name in EVENTS])
# Crockford's base 32, whose letters sort as their values do.
_LETTERS = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", dtype=np.uint8)
_TIME_LETTERS, _ROW_LETTERS = 10, 8
ID_LENGTH = _TIME_LETTERS + _ROW_LETTERS
_ROWS_A_BLOCK = 1 << 24


@dataclass(frozen=True, slots=True)
class Delivered:
    """The rows as stored, sorted by lead then time, and what befell them."""

    rows: Rows
    occurred_at: Codes
    received_at: Codes  # NULL where the log does not say
    ids: NDArray[np.uint8]  # one row of ID_LENGTH letters an event
    repeated: Flags
    late: Flags
    skewed: Flags

    def cut(self, leads: int) -> Delivered:
        """Only the rows of the first `leads` leads."""
        end = int(np.searchsorted(self.rows["lead"], leads))
        return Delivered(
            keep(self.rows, np.arange(end)), self.occurred_at[:end], self.received_at[:end],
            self.ids[:end], self.repeated[:end], self.late[:end], self.skewed[:end],
        )  # fmt: skip


def clock_errors(rng: np.random.Generator, *, size: int) -> Codes:
    """How far each lead's own clock is off, in µs: nearly always not at all."""
    wrong = chance(rng, _SKEWED, size=size)
    return np.where(wrong, rng.integers(-36 * HOUR, 5 * HOUR, size), 0)


def deliver(
    rng: np.random.Generator, rows: Rows, clock_error: Codes, season: Season, *, block: int
) -> Delivered:
    """Stamp, repeat and sort the rows of one block; what has not arrived by now is left out."""
    size = len(rows["at"])
    travel = rng.integers(40_000, 3 * SECOND, size)
    slow = chance(rng, _LATE, size=size)
    lag = np.clip(lognormal(rng, 30.0, spread=1.1, size=size), 6.5, 25 * 24.0) * HOUR
    received = rows["at"] + np.where(slow, lag.astype(np.int64), travel)
    arrived = received <= season.until
    rows, received, slow = keep(rows, arrived), received[arrived], slow[arrived]
    off = np.where(_IS_BROWSER[rows["event"]], clock_error[rows["lead"]], 0)
    occurred = rows["at"] + off
    ids = _ids(occurred, block=block)
    undated = _IS_SALES[rows["event"]] & chance(rng, _UNDATED, size=len(received))

    twice = np.flatnonzero(chance(rng, _TWICE, size=len(received)))
    retry = received[twice] + rng.integers(2 * SECOND, 40 * MINUTE, len(twice)) * (
        chance(rng, 0.5, size=len(twice))
    )
    twice, retry = twice[retry <= season.until], retry[retry <= season.until]
    picked = np.concatenate([np.arange(len(received)), twice])
    received = np.where(undated, NULL, received)
    received = np.concatenate([received, np.where(undated[twice], NULL, retry)])
    order = np.lexsort((received, picked, occurred[picked], rows["lead"][picked]))
    picked = picked[order]
    return Delivered(
        rows=keep(rows, picked),
        occurred_at=occurred[picked],
        received_at=received[order],
        ids=ids[picked],
        repeated=order >= len(undated),
        late=(slow & ~undated)[picked],
        skewed=(off != 0)[picked],
    )


def letters(numbers: Codes, *, length: int) -> NDArray[np.uint8]:
    """Each number as `length` letters of base 32, one row a number; they sort as the numbers do."""
    shifts = 5 * np.arange(length - 1, -1, -1, dtype=np.int64)
    spelled: NDArray[np.uint8] = _LETTERS[(numbers[:, None] >> shifts) & 31]
    return spelled


def _ids(occurred: Codes, *, block: int) -> NDArray[np.uint8]:
    """Ids that sort by the millisecond of the event, then by block and row: always distinct."""
    row = block * _ROWS_A_BLOCK + np.arange(len(occurred), dtype=np.int64)
    return np.concatenate([
        letters(occurred // 1000, length=_TIME_LETTERS), letters(row, length=_ROW_LETTERS)
    ], axis=1)  # fmt: skip
