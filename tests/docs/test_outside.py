"""What CI promises to have is really there, and nothing else may leave a test out."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.outside import CHECKOUT, LEFT_OUT
from tests.outside import require as ask_for


def test_postgresql_answers_a_question(require: Callable[[str], str]) -> None:
    url = require("postgresql")

    with psycopg.connect(url) as connection:
        row = connection.execute("select 1 + 1").fetchone()

    assert row == (2,)


def test_chromium_starts(require: Callable[[str], str]) -> None:
    chromium = require("chromium")

    answer = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=True)

    assert "Chrom" in answer.stdout


def test_node_starts(require: Callable[[str], str]) -> None:
    node = require("node")

    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)

    assert int(answer.stdout.lstrip("v").split(".")[0]) >= 18  # what the published clients ask for


def test_the_shared_data_hold_something_to_read(shared_data: Path) -> None:
    folders = [place for place in shared_data.iterdir() if any(place.rglob("*.*"))]

    assert folders


def test_what_is_missing_skips_on_a_persons_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PASSERELLE_SHARED", str(tmp_path))
    monkeypatch.delenv("PASSERELLE_REQUIRE", raising=False)

    with pytest.raises(pytest.skip.Exception, match=f"{LEFT_OUT}the shared real data"):
        ask_for("shared")


def test_what_is_missing_fails_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PASSERELLE_SHARED", str(tmp_path))
    monkeypatch.setenv("PASSERELLE_REQUIRE", "postgresql,shared")

    with pytest.raises(pytest.fail.Exception, match="PASSERELLE_REQUIRE lists shared"):
        ask_for("shared")


def test_only_the_requirement_of_something_outside_leaves_a_test_out() -> None:
    ways = ("pytest." + "skip(", "importor" + "skip", "mark." + "skip", "mark." + "xfail")
    asking = CHECKOUT / "tests" / "outside.py"

    found = [
        f"{path.relative_to(CHECKOUT)}: {way}"
        for path in sorted((CHECKOUT / "tests").rglob("*.py"))
        if path != asking
        for way in ways
        if way in path.read_text("utf-8")
    ]

    assert found == []
