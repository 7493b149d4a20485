"""The total as Vega-Lite: leads by points, stacked by stage, with the lines of the stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from passerelle.report.level_numbers import Line, Spread
from passerelle.report.marks import NARROW, Chart, Drawn, data, own_colour
from passerelle.report.palette import INK, MUTED, told_apart


@dataclass(frozen=True, slots=True)
class SpreadWords:
    """What is written in the plot of the total."""

    total: str
    leads: str
    stages: Mapping[str, str]
    colours: Mapping[str, str]
    told: Callable[[float, str, int], str]
    said: Callable[[int], str]


def spread_of_total(spread: Spread, words: SpreadWords) -> Drawn:
    """Leads by total, stacked by stage, with the lines of the stages.

    A bin that towers over all others is cut off at the top, and says how many leads it has.
    """
    sizes = sorted((spread.of_bin(low) for low in spread.bins), reverse=True)
    most, next_most = sizes[0], sizes[1] if len(sizes) > 1 else sizes[0]
    top = next_most * 1.25 if most > 2.5 * next_most > 0 else most * 1.05
    order = {key: place for place, key in enumerate(words.stages)}

    def drawn(width: int) -> Chart:
        rows = data(
            {
                "x": low,
                "x2": low + spread.width,
                "n": n,
                "o": order[stage],
                "c": words.colours[stage],
                "t": words.told(low, stage, n),
            }
            for (low, stage), n in sorted(spread.counts.items(), key=lambda i: order[i[0][1]])
        )
        ends = [spread.bins[0], spread.bins[-1] + spread.width]
        plot = width - 64
        scale = alt.Scale(domain=ends, nice=False, zero=False)
        ticks = alt.Axis(tickCount=5 if width <= NARROW else 10, grid=False)
        x = alt.X("x:Q", scale=scale, title=words.total, axis=ticks)
        y = alt.Y(
            "sum(n):Q",
            scale=alt.Scale(domain=[0, top], nice=False, clamp=True),
            title=words.leads,
            axis=alt.Axis(tickCount=4, format=",d", domain=False, ticks=False),
        )
        stacked = (
            alt.Chart(rows)
            .mark_bar(clip=True, binSpacing=1, stroke=None)
            .encode(x=x, x2="x2:Q", y=y, color=own_colour(), order="o:O", description="t:N")
        )
        layers: list[alt.Chart] = [stacked, *_lines(spread.lines, ends, words, plot)]
        if top < most:
            cut = next(low for low in spread.bins if spread.of_bin(low) == most)
            layers.append(_note(cut + spread.width, top, "▲ " + words.said(most)))
        return alt.layer(*layers).properties(width=plot, height=230)

    return drawn


def _lines(
    lines: Sequence[Line], ends: Sequence[float], words: SpreadWords, width: int
) -> list[alt.Chart]:
    """The stages' lines, with labels above the plot; where one falls out, without a label."""
    shown = sorted((line for line in lines if ends[0] <= line.at <= ends[1]), key=lambda i: i.at)
    entered = [line for line in shown if not line.falls]
    unit = (ends[1] - ends[0]) / width
    labels = [f"{words.stages[line.stage]} {line.at:g}" for line in entered]
    longest = max((len(label) for label in labels), default=0) * 6.6 * unit
    rows = told_apart([line.at for line in entered], nearest=longest)
    rules = data({"x": line.at, "f": line.falls} for line in shown)
    texts = data(
        {"x": line.at, "s": label, "dy": -8 - 15 * row}
        for line, label, row in zip(entered, labels, rows, strict=True)
    )
    x = alt.X("x:Q")
    rule = alt.Chart(rules)
    marks = [
        rule.transform_filter("!datum.f").mark_rule(color=INK, strokeWidth=1.5).encode(x=x),
        rule.transform_filter("datum.f").mark_rule(color=MUTED, strokeDash=[3, 3]).encode(x=x),
    ]
    for row in sorted(set(rows)):
        text = alt.Chart(texts).transform_filter(f"datum.dy == {-8 - 15 * row}")
        for align, test in (("left", "<"), ("right", ">=")):
            middle = ends[0] + 0.75 * (ends[1] - ends[0])
            marks.append(
                text.transform_filter(f"datum.x {test} {middle}")
                .mark_text(align=align, dx=0, dy=-8 - 15 * row, color=INK, fontWeight=600)
                .encode(x=x, y=alt.value(0), text="s:N")
            )
    return marks


def _note(x: float, y: float, said: str) -> alt.Chart:
    note = alt.Chart(data([{"x": x, "y": y, "s": said}]))
    mark = note.mark_text(align="left", baseline="top", dx=4, dy=4, color=MUTED)
    return mark.encode(x="x:Q", y="y:Q", text="s:N")
