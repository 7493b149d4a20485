"""Plots are drawn to shapes and texts alone, whatever is written in them."""

import re
from xml.etree import ElementTree as ET

import pytest

from passerelle.report.bar_plots import Bar, MonthBar, bars, by_month
from passerelle.report.drawing import SVG, draw
from passerelle.report.marks import NARROW, WIDE

HOSTILE = ('<script>alert("1")</script>', "'];alert(1);['", "\\'+alert(1)+\\'", "datum.x", "\u2028")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_what_is_written_in_a_plot_stays_text(width: int) -> None:
    found = [Bar(text, n, text, text, "var(--good)") for n, text in enumerate(HOSTILE)]

    drawn = ET.fromstring(draw(bars(found)(width), name="try", language="en"))

    assert {one.tag.removeprefix(f"{{{SVG}}}") for one in drawn.iter()} <= {
        *("svg", "g", "path", "line", "text", "title", "rect", "defs", "clipPath")
    }
    assert not any(
        name.startswith("on") or "href" in name for one in drawn.iter() for name in one.attrib
    )
    told = [title.text for title in drawn.iter(f"{{{SVG}}}title")]
    assert set(told) == set(HOSTILE)


def test_a_plot_names_colours_by_css_alone_and_keeps_to_its_width() -> None:
    found = [Bar("A label", -3, "−3", "told", "var(--bad)"), Bar("B", 9, "+9", "t", "var(--good)")]

    svg = draw(bars(found)(WIDE), name="try", language="en")

    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
    assert {colour for colour in colours if not colour.startswith("var(--")} <= {
        "none",
        "transparent",
    }
    assert 'viewBox="0 0 ' in svg
    assert float(ET.fromstring(svg).get("width", "")) == pytest.approx(WIDE, abs=2)


def test_ids_are_a_plots_own_and_every_one_that_is_asked_for_is_there() -> None:
    months = [
        MonthBar(f"month {n}", 3 + n, order, "told", "var(--good)")
        for n in range(3)
        for order in (0, 1)
    ]

    one, same, other = (
        draw(by_month(months, title="events")(WIDE), name=name, language="en")
        for name in ("one", "one", "other")
    )

    ids = re.findall(r' id="([^"]*)"', one)
    assert len(set(ids)) == len(ids) > 1
    assert set(re.findall(r"url\(#([^)]*)\)", one)) == set(ids)
    assert not set(ids) & set(re.findall(r' id="([^"]*)"', other))
    assert one == same
