"""Telephone campaigns of a bank: the customers that say yes change in kind and in number."""

from pathlib import Path

import pytest

from passerelle.core.reading import read_agreement
from passerelle.files import read_mapping
from tests.real import leaks
from tests.real.real_files import RealFile, without_columns
from tests.real.scoring import Scored, Verdict, score


def test_every_row_is_scored_and_none_rejected(bank_scored: Scored) -> None:
    assert bank_scored.written == bank_scored.file.row_count == 41188
    assert bank_scored.rejected == ()


def test_the_score_ranks_the_calls(bank_scored: Scored) -> None:
    assert 0.61 < bank_scored.first.auc < 0.65
    assert 0.71 < bank_scored.rest.auc < 0.76


def test_the_conversion_of_every_stage_drifts_with_the_base_rate(bank_scored: Scored) -> None:
    first, rest = bank_scored.first, bank_scored.rest

    assert rest.won.rate > 4 * first.won.rate
    for stage, before in first.stages.items():
        assert before.interval[1] < rest.stages[stage].interval[0], stage


@pytest.mark.parametrize("part", ["all", "first", "rest"])
def test_each_stage_converts_clearly_better_than_the_one_below(
    bank_scored: Scored, part: str
) -> None:
    verdict: Verdict = getattr(bank_scored, part)

    below, mql, ready = verdict.stages.values()

    assert below.interval[1] < mql.interval[0]
    assert mql.interval[1] < ready.interval[0]


def test_the_best_tenth_converts_at_more_than_twice_the_rate_of_all(bank_scored: Scored) -> None:
    assert bank_scored.first.top_lift > 2.3
    assert bank_scored.rest.top_lift > 2.3


def test_a_good_part_is_left_without_the_month(bank: RealFile, tmp_path: Path) -> None:
    scored = score(bank, room=tmp_path, without=["month"])

    assert 0.68 < scored.rest.auc < 0.73


def test_the_leaking_columns_are_not_named_by_agreement_nor_mapping(bank: RealFile) -> None:
    agreement = read_agreement(bank.agreement.read_text("utf-8"))
    mapping = read_mapping(bank.mapping)

    read = {*mapping.counters, *(name for names in mapping.leads.values() for name in names)}

    assert (read | set(agreement.fields)).isdisjoint({*leaks.BANK, "y"})


def test_the_scores_are_the_same_without_the_leaking_columns(
    bank: RealFile, bank_scored: Scored, tmp_path: Path
) -> None:
    bare = without_columns(bank, [*leaks.BANK, "y"], path=tmp_path / "bare.csv")

    rescored = score(bank, room=tmp_path, leads=bare)

    assert rescored.totals.tolist() == bank_scored.totals.tolist()
    assert rescored.stages.tolist() == bank_scored.stages.tolist()


def test_the_length_of_the_call_would_have_looked_better(
    bank: RealFile, bank_scored: Scored
) -> None:
    alone = leaks.auc_of_number(bank, "duration")

    assert alone > bank_scored.rest.auc + 0.02
