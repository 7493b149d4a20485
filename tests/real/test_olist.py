"""Shops that asked a marketplace to call: little is known of them, and the score says little."""

from pathlib import Path

import pytest

from passerelle.files import read_mapping
from tests.real import leaks
from tests.real.real_files import RealFile
from tests.real.scoring import Scored, Verdict, score


def test_every_row_is_scored_and_none_rejected(olist_scored: Scored) -> None:
    assert olist_scored.written == olist_scored.file.row_count == 8000
    assert olist_scored.rejected == ()


def test_only_cohorts_that_were_followed_alike_are_judged(olist: RealFile) -> None:
    contacts = olist.column("first_contact_date")

    assert (min(contacts)[:4], max(contacts)) == ("2018", "2018-05-31")
    assert len(contacts) == 5998


def test_the_score_ranks_the_later_shops_a_little_better_than_chance(olist_scored: Scored) -> None:
    assert 0.64 < olist_scored.first.auc < 0.67
    assert 0.65 < olist_scored.rest.auc < 0.70


def test_plain_sense_alone_hardly_ranks_them(olist: RealFile, tmp_path: Path) -> None:
    scored = score(olist, room=tmp_path, without=["page", "unnamed"])

    assert 0.50 < scored.all.auc < 0.55


@pytest.mark.parametrize("part", ["all", "first", "rest"])
def test_each_stage_converts_clearly_better_than_the_one_below(
    olist_scored: Scored, part: str
) -> None:
    verdict: Verdict = getattr(olist_scored, part)

    below, mql, ready = verdict.stages.values()

    assert below.interval[1] < mql.interval[0]
    assert mql.interval[1] < ready.interval[0]


def test_the_best_tenth_converts_better_than_all(olist_scored: Scored) -> None:
    assert olist_scored.rest.top_lift > 1.7


def test_no_column_of_the_closed_deals_is_read(olist: RealFile) -> None:
    mapping = read_mapping(olist.mapping)

    read = {name for names in mapping.leads.values() for name in names}

    assert read == {"mql_id", "origin", "landing_page_id"}
    assert read.isdisjoint(leaks.OLIST)
