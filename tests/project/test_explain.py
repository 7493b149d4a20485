"""`passerelle explain`: one lead's score in words, with the ledger that adds up to it."""

import json

import pytest

from tests.project.desk import AS_OF, Desk, Ended, passerelle


def _explain(desk: Desk, lead: str, *more: str) -> Ended:
    return passerelle("explain", lead, *desk.inputs, "--as-of", AS_OF, *more)


@pytest.mark.parametrize(
    ("language", "sections"),
    [
        ("en", ["Where the lead stands", "Why", "Why not yet", "Until when", "The ledger"]),
        ("fr", ["Où en est le lead", "Pourquoi", "Pourquoi pas encore", "Jusqu’à quand"]),
    ],
)
def test_each_section_stands_in_the_readers_language(
    desk: Desk, language: str, sections: list[str]
) -> None:
    ended = _explain(desk, "ann", "--language", language, "--quiet")

    assert ended.code == 0
    assert [section for section in sections if section not in ended.out] == []


def test_the_ledger_adds_up_to_each_level(desk: Desk) -> None:
    told = json.loads(_explain(desk, "ann", "--json").out)

    for level, reached in {**told["dimensions"], "total": told["total"]}.items():
        parts = [entry["points"] for entry in told["ledger"] if entry["level"] == level]
        assert sum(parts) == pytest.approx(reached, abs=1e-9)


def test_the_score_is_the_one_of_the_ranking(desk: Desk) -> None:
    ranked = {lead["lead"]: lead for lead in json.loads(desk.score("--json").out)["top"]}

    for lead in ("ann", "bob", "cyd", "dan"):
        told = json.loads(_explain(desk, lead, "--json").out)
        assert told["total"] == pytest.approx(ranked[lead]["total"], abs=1e-6)
        assert told["stage"] == ranked[lead]["stage"]


def test_a_late_event_is_told_and_can_be_left_out(desk: Desk) -> None:
    now = _explain(desk, "bob", "--quiet")
    then = json.loads(_explain(desk, "bob", "--known-at", "2026-06-28", "--json").out)

    assert "arrived 4 days late" in now.said
    assert then["dimensions"]["engagement"] == 0


def test_an_unknown_lead_is_answered_with_the_nearest_key(desk: Desk) -> None:
    ended = _explain(desk, "anne")

    assert ended.code == 1
    assert "Did you mean ann?" in ended.said
