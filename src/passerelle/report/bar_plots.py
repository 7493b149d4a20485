"""Bars as Vega-Lite: one below the other with words beside them, or a month after another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from passerelle.report.marks import FITTED, NARROW, Chart, Drawn, data, own_colour
from passerelle.report.palette import INK
from passerelle.report.plain_text import plain

BAR = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length, what is written beside it, what hovering tells."""

    label: str
    value: float
    said: str
    told: str
    colour: str


def bars(found: Sequence[Bar]) -> Drawn:
    """Horizontal bars in the order given, with what is said beside each."""

    def drawn(width: int) -> Chart:
        names = [plain(b.label, most=17 if width <= NARROW else 38) for b in found]
        labels = max(len(name) for name in names) * 7 + 10
        rows = data(
            {"y": i, "x": b.value, "s": b.said, "t": b.told, "c": b.colour}
            for i, b in enumerate(found)
        )
        said = max(len(b.said) for b in found) * 7 + 10
        y = alt.Y("y:O", axis=_names(names), title=None)
        low, high = min(0.0, *(b.value for b in found)), max(0.0, *(b.value for b in found))
        room = max(60.0, width - labels - said * (2 if low < 0 < high else 1))
        base = alt.Chart(rows)
        unit = (high - low) / room if high > low else 1.0
        spread = [low - (said * unit if low < 0 else 0), high + (said * unit if high > 0 else unit)]
        scale = alt.Scale(domain=spread, nice=False, zero=False)
        x = alt.X("x:Q", scale=scale, axis=None)
        bar = base.mark_bar(cornerRadiusEnd=3, height=16).encode(
            x=x, x2=alt.datum(0), y=y, color=own_colour(), description="t:N"
        )
        right = base.transform_filter("datum.x >= 0").mark_text(align="left", dx=6, color=INK)
        left = base.transform_filter("datum.x < 0").mark_text(align="right", dx=-6, color=INK)
        texts = (mark.encode(x=x, y=y, text="s:N") for mark in (right, left))
        layered = alt.layer(bar, *texts)
        # The font of the page may be wider than the one that labels were measured with.
        around = {"left": 4 + 0.08 * labels, "right": 4, "top": 4, "bottom": 4}
        return layered.properties(
            width=width, height=BAR * len(found) + 8, autosize=FITTED, padding=around
        )

    return drawn


@dataclass(frozen=True, slots=True)
class MonthBar:
    """The events of one month of one sort, `order` telling which lies below."""

    month: str
    n: int
    order: int
    told: str
    colour: str


def by_month(found: Sequence[MonthBar], *, title: str) -> Drawn:
    """Events by month, stacked."""
    months = list(dict.fromkeys(bar.month for bar in found))

    def drawn(width: int) -> Chart:
        rows = data(
            {"x": b.month, "n": b.n, "o": b.order, "t": b.told, "c": b.colour} for b in found
        )
        shown = months[:: max(1, -(-len(months) * 84 // width))]
        axis = alt.Axis(values=shown, labelAngle=0, ticks=False, labelPadding=6)
        y = alt.Y(
            "sum(n):Q",
            title=title,
            axis=alt.Axis(tickCount=4, tickMinStep=1, format=",d", domain=False, ticks=False),
        )
        x = alt.X("x:O", sort=months, title=None, axis=axis)
        bar = alt.Chart(rows, width=width, height=210, autosize=FITTED).mark_bar(cornerRadiusEnd=2)
        found_bars: Chart = bar.encode(x=x, y=y, order="o:O", color=own_colour(), description="t:N")
        return found_bars

    return drawn


def _names(labels: Sequence[str]) -> alt.Axis:
    """An axis of places told by labels; two may be alike."""
    listed = ", ".join(json.dumps(label) for label in labels)
    return alt.Axis(
        labelExpr=f"[{listed}][datum.value]",
        labelLimit=400,
        labelColor=INK,
        domain=False,
        ticks=False,
        labelPadding=8,
    )
