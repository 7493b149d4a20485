"""`passerelle replay`: when leads changed stage between two instants."""

import csv
import json

from tests.project.desk import Desk, Ended, passerelle


def _replay(desk: Desk, *more: str) -> Ended:
    window = ("--since", "2026-06-01", "--until", "2026-06-30")
    return passerelle("replay", *desk.inputs, *window, *more)


def test_each_move_has_its_instant_in_the_agreements_time(desk: Desk) -> None:
    ended = _replay(desk, "--quiet")

    assert ended.code == 0
    assert "2026-06-27 14:00 cyd Contact Handed to sales" in ended.said
    assert "2026-06-20 12:00 ann Contact MQL" in ended.said


def test_the_same_in_french(desk: Desk) -> None:
    ended = _replay(desk, "--quiet", "--language", "fr")

    assert "cyd Contact Transmis aux ventes" in ended.said


def test_json_counts_the_moves_by_where_from_and_where_to(desk: Desk) -> None:
    told = json.loads(_replay(desk, "--json").out)

    assert {(c["from"], c["to"]): c["n"] for c in told["counts"]} == {
        ("contact", "mql"): 1,
        ("contact", "handoff"): 1,
    }
    assert [move["at"] for move in told["moves"]] == [
        "2026-06-20T10:00:00+00:00",
        "2026-06-27T12:00:00+00:00",
    ]


def test_every_change_of_score_goes_to_the_file(desk: Desk) -> None:
    target = desk.folder / "changes.csv"

    _replay(desk, "--quiet", "--lead", "bob", "--out", str(target))

    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["lead"] for row in rows} == {"bob"}
    assert len(rows) > 3


def test_nothing_that_moved_is_said_so(desk: Desk) -> None:
    ended = _replay(desk, "--quiet", "--lead", "dan")

    assert ended.code == 0
    assert "No lead changed stage" in ended.said


def test_a_window_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    ended = passerelle(
        "replay", *desk.inputs, "--since", "2026-06-30", "--until", "2026-06-01", "--quiet"
    )

    assert ended.code == 1
    assert "--since" in ended.said
