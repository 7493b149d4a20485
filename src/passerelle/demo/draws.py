"""Vectorised draws that the rooms of the simulator share, and the types of their arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def stream(seed: int, *path: int) -> np.random.Generator:
    """The generator of one block and one room: its draws depend on nothing but seed and path."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=path)))


def choose(rng: np.random.Generator, weights: Sequence[float] | Floats, *, size: int) -> Codes:
    """`size` indices into `weights`, each as likely as its weight."""
    edges: Floats = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Codes = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.minimum(found, len(edges) - 1)


def choose_by_row(rng: np.random.Generator, table: Floats, *, rows: Codes) -> Codes:
    """For each of `rows`, an index into that row of weights of `table`."""
    edges = np.cumsum(table, axis=1)
    edges /= edges[:, -1:]
    stacked = (edges + np.arange(len(table))[:, None]).ravel()
    found = np.searchsorted(stacked, rows + rng.random(len(rows)), side="right")
    column: Codes = np.clip(found - rows * table.shape[1], 0, table.shape[1] - 1)
    return column


def chance(rng: np.random.Generator, probability: float | Floats, *, size: int) -> Flags:
    """`size` coins that come up with `probability`."""
    return rng.random(size) < probability


def lognormal(
    rng: np.random.Generator, median: float | Floats, *, spread: float, size: int
) -> Floats:
    """Log-normal draws given by their median; `spread` is the deviation of the logarithm."""
    return median * np.exp(spread * rng.standard_normal(size))


def sigmoid(x: Floats) -> Floats:
    """The logistic curve, from 0 to 1."""
    return 1.0 / (1.0 + np.exp(-x))


def running_within(values: Codes, *, starts: Codes, lengths: Codes) -> Codes:
    """Cumulative sums that begin again at each group; groups lie one after the other."""
    total = np.cumsum(values)
    before = total[starts] - values[starts]
    return total - np.repeat(before, lengths)


def ranks_within(lengths: Codes) -> Codes:
    """0, 1, 2 … inside each of consecutive groups of `lengths` rows."""
    starts = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum()), dtype=np.int64) - np.repeat(starts, lengths)
