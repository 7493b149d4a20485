"""What makes no sense is refused in words, and nothing is written."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.demo import ImpossibleDemo, summary_lines, write_demo
from passerelle.words import LANGUAGES
from tests.demo.company import UNTIL, Company, bytes_of


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("demo.refused.leads", {"leads": 0}),
        ("demo.refused.leads", {"leads": 100_000_000}),
        ("demo.refused.seed", {"seed": -1}),
        ("demo.refused.until", {"until": datetime(2026, 3, 1)}),  # noqa: DTZ001 - the fault itself
        ("demo.refused.until", {"until": datetime(1999, 1, 1, tzinfo=UTC)}),
        ("demo.refused.months", {"months": 0}),
        ("demo.refused.format", {"file_format": "xls"}),
        ("demo.refused.events_per_lead", {"events_per_lead": 0.0}),
    ],
)
def test_an_argument_without_sense_is_refused_in_both_languages(
    tmp_path: Path, code: str, wrong: dict[str, Any]
) -> None:
    folder = tmp_path / "new"
    arguments: dict[str, Any] = {"leads": 10, "seed": 1, "until": UNTIL, **wrong}

    with pytest.raises(ImpossibleDemo) as refusal:
        write_demo(folder, **arguments)

    assert refusal.value.code == code
    assert len({refusal.value.message(language) for language in LANGUAGES}) == 2
    assert not folder.exists()


def test_a_demo_is_never_written_over_another(tmp_path: Path) -> None:
    write_demo(tmp_path, leads=50, seed=1, until=UNTIL)
    before = bytes_of(tmp_path)

    with pytest.raises(ImpossibleDemo, match="already holds"):
        write_demo(tmp_path, leads=50, seed=2, until=UNTIL, file_format="csv")

    assert bytes_of(tmp_path) == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a letter")

    with pytest.raises(ImpossibleDemo, match="is a file"):
        write_demo(tmp_path / "taken", leads=50, seed=1, until=UNTIL)


def test_the_summary_reads_in_the_language_of_the_reader(company: Company) -> None:
    english, french = (summary_lines(company.summary, language) for language in ("en", "fr"))

    assert english[0].startswith("20,000 leads at ")
    assert french[0].startswith("20\u202f000 leads dans ")
    assert len(english) == len(french)
