"""How a score is judged against what became of the leads, by formulas of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many of `n` leads were won, with Wilson's 95 % interval of the rate."""

    won: int
    n: int

    @property
    def rate(self) -> float:
        """The share that was won."""
        return self.won / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (E. B. Wilson, JASA 22, 1927, 209–212)."""
        middle = (self.rate + Z95**2 / (2 * self.n)) / (1 + Z95**2 / self.n)
        spread = sqrt(self.rate * (1 - self.rate) / self.n + Z95**2 / (4 * self.n**2))
        half = Z95 * spread / (1 + Z95**2 / self.n)
        return middle - half, middle + half


def auc(scores: ArrayLike, won: ArrayLike) -> float:
    """The chance that a won lead scores above a lost one, ties counting half.

    Ranks, ties sharing their mean rank: Mann and Whitney's U over the number of pairs.
    """
    values, positive = np.asarray(scores, float), np.asarray(won, bool)
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[place]
    winners = int(positive.sum())
    pairs = winners * (len(values) - winners)
    return float((ranks[positive].sum() - winners * (winners + 1) / 2) / pairs)


def top_lift(scores: ArrayLike, won: ArrayLike, *, share: float = 0.1) -> float:
    """Conversion of the best `share` of the leads over that of all.

    Leads tied at the edge enter with their mean conversion, so their order does not matter.
    """
    values, positive = np.asarray(scores, float), np.asarray(won, bool)
    size = round(len(values) * share)
    edge = np.sort(values)[::-1][size - 1]
    above, tied = values > edge, values == edge
    found = positive[above].sum() + (size - above.sum()) * positive[tied].mean()
    return float(found / size / positive.mean())


def conversion_by_stage(
    stages: Sequence[str] | NDArray[np.str_], won: ArrayLike, *, ladder: Sequence[str]
) -> dict[str, Conversion]:
    """Conversion of the leads that stand on each stage of the ladder."""
    standing, positive = np.asarray(stages), np.asarray(won, bool)
    return {
        stage: Conversion(int(positive[standing == stage].sum()), int((standing == stage).sum()))
        for stage in ladder
    }
