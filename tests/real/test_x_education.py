"""Leads of an online-course seller: do those that score high become customers more often?"""

from pathlib import Path

import numpy as np
import pytest

from passerelle.core.reading import read_agreement
from passerelle.files import read_mapping
from tests.real import leaks
from tests.real.real_files import RealFile, without_columns
from tests.real.scoring import Scored, Verdict, score


@pytest.fixture(scope="module")
def found_on_their_own(x_education_scored: Scored) -> Verdict:
    """The leads that came by themselves, without those that staff typed in."""
    origins = np.array(x_education_scored.file.column("Lead Origin"))
    return x_education_scored.judge(origins != "Lead Add Form")


def test_every_row_is_scored_and_none_rejected(x_education_scored: Scored) -> None:
    assert x_education_scored.written == x_education_scored.file.row_count == 6365
    assert x_education_scored.rejected == ()


def test_the_score_ranks_the_buyers_first(x_education_scored: Scored) -> None:
    assert 0.83 < x_education_scored.all.auc < 0.86


def test_the_score_ranks_later_leads_as_well_as_those_it_was_settled_on(
    x_education_scored: Scored,
) -> None:
    first, rest = x_education_scored.first.auc, x_education_scored.rest.auc

    assert 0.82 < first < 0.85
    assert 0.85 < rest < 0.88


def test_most_of_the_ranking_is_left_without_the_leads_that_staff_typed_in(
    found_on_their_own: Verdict,
) -> None:
    assert 0.80 < found_on_their_own.auc < 0.84


def test_the_best_tenth_converts_at_more_than_twice_the_rate_of_all(
    x_education_scored: Scored, found_on_their_own: Verdict
) -> None:
    assert x_education_scored.all.top_lift > 2.3
    assert x_education_scored.rest.top_lift > 2.3
    assert found_on_their_own.top_lift > 2.3


@pytest.mark.parametrize("part", ["all", "first", "rest"])
def test_each_stage_converts_clearly_better_than_the_one_below(
    x_education_scored: Scored, part: str
) -> None:
    verdict: Verdict = getattr(x_education_scored, part)

    below, mql, ready = verdict.stages.values()

    assert below.n + mql.n + ready.n == verdict.won.n
    assert below.interval[1] < mql.interval[0]
    assert mql.interval[1] < ready.interval[0]


def test_the_leaking_columns_are_not_named_by_agreement_nor_mapping(x_education: RealFile) -> None:
    agreement = read_agreement(x_education.agreement.read_text("utf-8"))
    mapping = read_mapping(x_education.mapping)

    read = {*mapping.counters, *(name for names in mapping.leads.values() for name in names)}

    assert set(agreement.fields) <= set(mapping.leads)
    assert read.isdisjoint({*leaks.X_EDUCATION, "Converted"})


def test_the_scores_are_the_same_without_the_leaking_columns(
    x_education: RealFile, x_education_scored: Scored, tmp_path: Path
) -> None:
    columns = [*leaks.X_EDUCATION, "Converted"]
    bare = without_columns(x_education, columns, path=tmp_path / "bare.csv")

    rescored = score(x_education, room=tmp_path, leads=bare)

    assert rescored.totals.tolist() == x_education_scored.totals.tolist()
    assert rescored.stages.tolist() == x_education_scored.stages.tolist()


def test_what_sales_wrote_afterwards_would_have_looked_better(
    x_education: RealFile, x_education_scored: Scored
) -> None:
    alone = leaks.auc_alone(x_education, "Tags")

    assert alone > x_education_scored.rest.auc + 0.05
