"""Two levels against each other as Vega-Lite: the more leads, the stronger the cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import altair as alt

from passerelle.report.level_numbers import Matrix
from passerelle.report.marks import NARROW, Chart, Drawn, data, own_colour
from passerelle.report.palette import heat


@dataclass(frozen=True, slots=True)
class MatrixWords:
    """What is written in the plot of two levels."""

    rows: str
    columns: str
    said: Callable[[int], str]
    told: Callable[[str, str, int], str]


def crossed(matrix: Matrix, words: MatrixWords) -> Drawn:
    """Leads by two levels: the more leads, the stronger the cell."""
    most = max(matrix.counts.values(), default=0)

    def drawn(width: int) -> Chart:
        small = width <= NARROW and len(matrix.column_labels) > 5
        cells = []
        for row in matrix.row_labels:
            for column in matrix.column_labels:
                n = matrix.counts.get((row, column), 0)
                warm = heat(n, most)
                cells.append(
                    {
                        "r": row,
                        "c": column,
                        "f": f"var(--heat-{warm})",
                        "i": f"var(--on-heat-{warm})",
                        "s": words.said(n) if n and not small else "",
                        "t": words.told(row, column, n),
                    }
                )
        side = min((width - 70) / len(matrix.column_labels), 140)
        height = min(side, 46 if len(matrix.row_labels) <= 6 else 32)
        labels = alt.Axis(domain=False, ticks=False, labelAngle=0, labelPadding=6)
        x = alt.X("c:O", sort=list(matrix.column_labels), title=words.columns, axis=labels)
        y = alt.Y("r:O", sort=list(matrix.row_labels), title=words.rows, axis=labels)
        base = alt.Chart(
            data(cells),
            width=side * len(matrix.column_labels),
            height=height * len(matrix.row_labels),
        )
        cell = base.mark_rect(stroke="var(--surface)", strokeWidth=2, cornerRadius=4).encode(
            x=x, y=y, color=own_colour("f"), description="t:N"
        )
        size = 11 if width > NARROW else 10
        text = base.mark_text(fontSize=size).encode(x=x, y=y, text="s:N", color=own_colour("i"))
        return alt.layer(cell, text)

    return drawn
