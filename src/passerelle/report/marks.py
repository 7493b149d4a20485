"""What every plot is made of: rows of data, a chart for a width, colours that rows bring along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import altair as alt

Chart = alt.Chart | alt.LayerChart | alt.FacetChart
"""What Altair says that layers may come to; none of ours has facets."""

Drawn = Callable[[int], Chart]
"""A plot for a width in pixels."""

WIDE, NARROW = 808, 340
"""A page, and a telephone."""

FITTED = alt.AutoSizeParams(type="fit", contains="padding")
"""A plot that takes the width it is given, with all that is written around it."""


def data(rows: Iterable[Mapping[str, object]]) -> alt.InlineData:
    """Rows to be drawn, held by the chart itself."""
    return alt.InlineData(values=[dict(row) for row in rows])


def own_colour(field: str = "c") -> alt.Color:
    """The colour that stands in a column of the data."""
    return alt.Color(f"{field}:N", scale=None, legend=None)
