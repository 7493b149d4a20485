"""The how-to pages: their mapping files are good ones, their Python runs, nothing is left out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from passerelle.files import RejectReason, write_table
from passerelle.files.mapping import Mapping, parse_mapping
from tests.files.desk import LEADS, Desk
from tests.outside import CHECKOUT

PAGES = [
    CHECKOUT / "docs" / "how-to" / "read-your-files.md",
    CHECKOUT / "docs" / "how-to" / "read-your-files.fr.md",
]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_reason_and_every_word_of_the_mapping_is_explained(page: Path) -> None:
    text = page.read_text("utf-8")
    said = set().union(
        *(parse_mapping(block, path="").model_fields_set for block in blocks(page, "yaml"))
    )

    assert {reason.value for reason in RejectReason if f"`{reason.value}`" not in text} == set()
    assert said == set(Mapping.model_fields)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_python_of_the_page_runs(desk: Desk, page: Path) -> None:
    (program,) = blocks(page, "python")
    desk.put("leads.csv", LEADS)
    desk.put("mapping.yaml", "missing: [Select]\n")
    (desk.folder / "events").mkdir()
    event = "SELECT 'zoe' AS lead, 'page' AS event, TIMESTAMP '2024-05-01' AS occurred_at"
    write_table(desk.connection, event, desk.folder / "events" / "may.parquet")

    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=desk.folder,
        env={"PYTHONPATH": str(CHECKOUT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stderr == ""
    assert "zoe" in ran.stdout
    assert list(desk.folder.glob("rej*.csv")) != []
