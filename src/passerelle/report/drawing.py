"""Vega-Lite drawn to SVG for a page without scripts: only shapes and texts, colours by CSS.

A mark's description becomes its `<title>`, which browsers show on hovering; what a screen reader
is told of the whole plot stands on the page, where the numbers stand as well.
"""

from __future__ import annotations

import re
from typing import Literal
from xml.etree import ElementTree as ET

import altair as alt
import vl_convert
from markupsafe import Markup

from passerelle.report.marks import Chart
from passerelle.words import Language

SVG = "http://www.w3.org/2000/svg"
FONT = "sans-serif"
_VERSION = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
_LOCALES: dict[Language, Literal["fr-FR", "en-GB"]] = {"fr": "fr-FR", "en": "en-GB"}
_SHAPES = {"g", "path", "line", "rect", "text", "tspan", "defs", "clipPath", "circle"}
_KEPT = {
    *("d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "r", "cx", "cy", "width", "height"),
    *("transform", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray"),
    *("opacity", "text-anchor", "font-size", "font-weight", "id", "clip-path", "viewBox"),
}
_USUAL = {
    "opacity": "1",
    "stroke-width": "1",
    "font-size": "12px",
    "font-weight": "normal",
    "x2": "0",
    "y2": "0",
    "transform": "translate(0,0)",
}
_NUMBERED = re.compile(r'(?:(?<=id=")|(?<=url\(#))clip\d+')
_FINE = re.compile(r"-?\d+\.\d\d+(e-?\d+)?")


def draw(chart: Chart, *, name: str, language: Language) -> Markup:
    """The chart as SVG, to be put on a page as it is; `name` keeps its ids apart from others."""
    text = vl_convert.vegalite_to_svg(
        _configured(chart), vl_version=_VERSION, format_locale=_LOCALES[language]
    )
    ET.register_namespace("", SVG)
    root = ET.fromstring(_renumbered(text, name))  # noqa: S314  # our own, just drawn
    _clean(root)
    width, height = root.get("width", "0"), root.get("height", "0")
    root.set("viewBox", root.get("viewBox", f"0 0 {width} {height}"))
    root.set("aria-hidden", "true")
    root.set("class", "plot")
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704  # every text was escaped


def _renumbered(text: str, name: str) -> str:
    """The drawing with ids of its own; as drawn, they are counted on from plot to plot."""
    places: dict[str, int] = {}
    for found in _NUMBERED.findall(text):
        places.setdefault(found, len(places))
    return _NUMBERED.sub(lambda found: f"{name}-{places[found[0]]}", text)


def _configured(chart: Chart) -> dict[str, object]:
    muted, rule = "var(--muted)", "var(--hairline)"
    config = alt.Config(
        background="transparent",
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        text=alt.MarkConfig(fontSize=12, color="var(--ink)", aria=False),
        rule=alt.MarkConfig(aria=False),
        axis=alt.AxisConfig(
            labelColor=muted,
            titleColor=muted,
            gridColor=rule,
            domainColor=rule,
            tickColor=rule,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        ),
    )
    return {**chart.to_dict(), "config": config.to_dict()}


def _clean(element: ET.Element) -> None:
    """Leave out what is not seen, what is not known to be harmless, and what says nothing."""
    for child in list(element):
        if _tag(child) not in _SHAPES or _is_unseen(child):
            element.remove(child)
            continue
        _clean(child)
        if _tag(child) == "g" and not (len(child) and child.attrib):
            place = list(element).index(child)
            element.remove(child)
            for moved, below in enumerate(child):
                element.insert(place + moved, below)
    _describe(element)
    for attribute, value in list(element.attrib.items()):
        if attribute not in _KEPT or value == _USUAL.get(attribute):
            del element.attrib[attribute]
        elif attribute in ("d", "transform"):
            element.set(attribute, _FINE.sub(lambda found: f"{float(found[0]):.1f}", value))


def _describe(element: ET.Element) -> None:
    role = element.get("aria-roledescription", "")
    if element.get("role") == "graphics-symbol" and role not in ("axis", "legend", "title"):
        title = ET.Element(f"{{{SVG}}}title")
        title.text = element.get("aria-label")
        element.insert(0, title)


def _tag(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{SVG}}}")


def _is_unseen(element: ET.Element) -> bool:
    if element.get("display") == "none" or element.get("opacity") == "0":
        return True
    return _tag(element) == "path" and element.get("class") in ("background", "foreground")
