"""The formulas that judge a score are right themselves."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.real.judging import Conversion, auc, conversion_by_stage, top_lift


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30))
def test_auc_is_the_share_of_pairs_in_the_right_order(leads: list[tuple[int, bool]]) -> None:
    winners = [score for score, won in leads if won]
    losers = [score for score, won in leads if not won]
    assume(winners and losers)
    pairs = list(product(winners, losers))

    found = auc([score for score, _ in leads], [won for _, won in leads])

    assert found == pytest.approx(sum((w > b) + (w == b) / 2 for w, b in pairs) / len(pairs))


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    low, high = Conversion(won=15, n=148).interval

    assert low == pytest.approx(0.0624, abs=5e-5)
    assert high == pytest.approx(0.1605, abs=5e-5)


def test_wilsons_interval_stays_between_never_and_always() -> None:
    assert Conversion(won=0, n=10).interval[0] == pytest.approx(0, abs=1e-12)
    assert Conversion(won=10, n=10).interval[1] == pytest.approx(1, abs=1e-12)


def test_lift_is_ten_when_the_best_tenth_holds_every_winner() -> None:
    scores, won = range(100), [n >= 90 for n in range(100)]

    assert top_lift(scores, won) == pytest.approx(10)


def test_lift_is_one_when_every_score_is_the_same() -> None:
    won = [n % 3 == 0 for n in range(100)]

    assert top_lift([5] * 100, won) == pytest.approx(1)


def test_leads_are_counted_on_the_stage_they_stand_on() -> None:
    stages, won = ["mql", "lead", "mql", "lead"], [True, False, False, False]

    found = conversion_by_stage(stages, won, ladder=["lead", "mql"])

    assert found == {"lead": Conversion(won=0, n=2), "mql": Conversion(won=1, n=2)}
