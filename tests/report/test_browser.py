"""The page opens in a browser without a network, fits a telephone, and asks for nothing."""

import json
import re
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from passerelle.words import LANGUAGES
from tests.report.office import an_office

OFFLINE = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
    *("--proxy-server=127.0.0.1:9", "--host-resolver-rules=MAP * ~NOTFOUND"),
)
FRAME = """<!doctype html><iframe id="page" src="{page}" width="{width}" height="900"></iframe>
<script>
onload = () => {{
  const seen = document.getElementById("page").contentWindow, shown = seen.document;
  const size = (one) => Math.round(one.getBoundingClientRect().width);
  const plots = [...shown.querySelectorAll(".plot")].map(size).filter((width) => width);
  shown.querySelectorAll("details").forEach((one) => {{ one.open = true; }});
  const body = shown.documentElement;
  document.body.textContent = "MEASURED" + JSON.stringify({{
    fetched: seen.performance.getEntriesByType("resource").map((one) => one.name),
    wide: body.scrollWidth,
    plots,
    ink: seen.getComputedStyle(shown.querySelector(".plot path[fill^=var]")).fill,
    title: shown.title,
    scripts: shown.scripts.length,
  }}) + "END";
}};
</script>
"""


@pytest.mark.parametrize("width", [390, 1100])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_without_a_network_and_fits(
    tmp_path: Path, require: Callable[[str], str], language: Any, width: int
) -> None:
    chromium = require("chromium")
    an_office().page(tmp_path / "report.html", language=language)
    (tmp_path / "frame.html").write_text(FRAME.format(page="report.html", width=width), "utf-8")

    found = _measured(chromium, tmp_path)

    assert found["fetched"] == []
    assert found["scripts"] == 0
    assert "The office" in found["title"]
    assert found["wide"] <= width
    assert len(found["plots"]) == 6
    assert all(100 < plot < width for plot in found["plots"])
    assert found["ink"].startswith("rgb")


def test_the_page_is_drawn_on_a_dark_screen(tmp_path: Path, require: Callable[[str], str]) -> None:
    chromium = require("chromium")
    an_office().page(tmp_path / "report.html")

    light, dark = (
        _picture(chromium, tmp_path, f"--blink-settings=preferredColorScheme={scheme}")
        for scheme in (1, 0)
    )

    assert light != dark
    assert min(len(light), len(dark)) > 20_000  # an empty page is a fraction of that


def _measured(chromium: str, folder: Path) -> dict[str, Any]:
    text = _run(chromium, folder, "--allow-file-access-from-files", "--dump-dom", "frame.html")
    measured = re.search("MEASURED(.*)END", text, re.DOTALL)
    assert measured, text[-2000:]
    found: dict[str, Any] = json.loads(unescape(measured[1]))
    return found


def _picture(chromium: str, folder: Path, setting: str) -> bytes:
    shot = folder / "shot.png"
    _run(
        chromium, folder, setting, f"--screenshot={shot}", "--window-size=1100,2000", "report.html"
    )
    return shot.read_bytes()


def _run(chromium: str, folder: Path, *wanted: str) -> str:
    *options, page = wanted
    command = [chromium, *OFFLINE, f"--user-data-dir={folder / 'browser'}", *options]
    done = subprocess.run(
        [*command, (folder / page).as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout
