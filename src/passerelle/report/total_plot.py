"""The total as Vega-Lite: leads by points, stacked by stage, with the lines of the stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from passerelle.report.level_numbers import Line, Spread
from passerelle.report.marks import FITTED, NARROW, Chart, Drawn, data, own_colour
from passerelle.report.palette import INK, MUTED, told_apart
from passerelle.report.plain_text import plain


@dataclass(frozen=True, slots=True)
class SpreadWords:
    """What is written in the plot of the total."""

    total: str
    leads: str
    stages: Mapping[str, str]
    colours: Mapping[str, str]
    told: Callable[[float, str, int], str]
    said: Callable[[int], str]
    line: Callable[[float], str]


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
            for (low, stage), n in sorted(
                spread.counts.items(), key=lambda one: (order[one[0][1]], one[0][0])
            )
        )
        ends = [spread.bins[0], spread.bins[-1] + spread.width]
        plot = width - 60
        scale = alt.Scale(domain=ends, nice=False, zero=False)
        ticks = alt.Axis(tickCount=5 if width <= NARROW else 10, grid=False)
        x = alt.X("x:Q", scale=scale, title=words.total, axis=ticks)
        y = alt.Y(
            "sum(n):Q",
            scale=alt.Scale(domain=[0, top], nice=False, clamp=True),
            title=words.leads,
            axis=alt.Axis(tickCount=4, tickMinStep=1, format=",d", domain=False, ticks=False),
        )
        stacked = (
            alt.Chart(rows)
            .mark_bar(clip=True, binSpacing=1, stroke=None)
            .encode(x=x, x2="x2:Q", y=y, color=own_colour(), order="o:O", description="t:N")
        )
        layers: list[alt.Chart] = [stacked, *_lines(spread.lines, ends, words, plot)]
        if top < most:
            cut = next(low for low in spread.bins if spread.of_bin(low) == most)
            layers += _note(cut + spread.width, top, "▲ " + words.said(most))
        return alt.layer(*layers).properties(width=width, height=290, autosize=FITTED)

    return drawn


def _lines(
    lines: Sequence[Line], ends: Sequence[float], words: SpreadWords, width: int
) -> list[alt.Chart]:
    """The stages' lines, with labels above the plot; where one falls out, without a label."""
    shown = sorted((line for line in lines if ends[0] <= line.at <= ends[1]), key=lambda i: i.at)
    unit = (ends[1] - ends[0]) / width
    labels = list(_labels([line for line in shown if not line.falls], ends[1], words, unit))
    places = told_apart([(label.start, label.start + label.length) for label in labels])
    rules = data({"x": line.at, "f": line.falls} for line in shown)
    x = alt.X("x:Q")
    rule = alt.Chart(rules)
    marks = [
        rule.transform_filter("!datum.f").mark_rule(color=INK, strokeWidth=1.5).encode(x=x),
        rule.transform_filter("datum.f").mark_rule(color=MUTED, strokeDash=[3, 3]).encode(x=x),
    ]
    for label, place in zip(labels, places, strict=True):
        text = alt.Chart(data([{"x": label.at, "s": label.said}])).mark_text(
            align=label.align, dy=-8 - 15 * place, color=INK, fontWeight=600
        )
        marks.append(text.encode(x=x, y=alt.value(0), text="s:N"))
    return marks


@dataclass(frozen=True, slots=True)
class _Label:
    """What is written above a line: from which side, and which part of the axis it covers."""

    said: str
    at: float
    align: Literal["left", "right"]
    start: float
    length: float


def _labels(lines: Sequence[Line], end: float, words: SpreadWords, unit: float) -> Iterator[_Label]:
    for line in lines:
        said = f"{plain(words.stages[line.stage], most=24)} {words.line(line.at)}"
        length = (7.5 * len(said) + 10) * unit
        if line.at + length <= end:
            yield _Label(said, line.at, "left", line.at, length)
        else:
            yield _Label(said, line.at, "right", line.at - length, length)


def _note(x: float, y: float, said: str) -> list[alt.Chart]:
    """A remark that stays readable where a line runs through it."""
    note = alt.Chart(data([{"x": x, "y": y, "s": said}]))
    paper = "var(--surface)"
    halo = note.mark_text(
        align="left", baseline="top", dx=4, dy=4, color=paper, stroke=paper, strokeWidth=5
    )
    text = note.mark_text(align="left", baseline="top", dx=4, dy=4, color=MUTED)
    return [mark.encode(x="x:Q", y="y:Q", text="s:N") for mark in (halo, text)]
