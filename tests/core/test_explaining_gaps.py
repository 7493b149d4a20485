"""What a lead lacks, gap by gap, in the words of the page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from passerelle.core.conditions import Missing, Patterns
from passerelle.core.explaining_gaps import not_yet
from passerelle.core.outlook import (
    CriterionGap,
    DisqualifiedGap,
    EventGap,
    FieldGap,
    Gap,
    GradeGap,
    LevelGap,
    NextStage,
    QualifiedGap,
    RearmGap,
    RestGap,
)
from passerelle.core.ranges import parse_range
from tests.core.rich import NOW, RICH

WEEK = timedelta(days=7)


def level_gap(line: str, value: str, missing: str) -> LevelGap:
    return LevelGap("fit", Decimal(value), parse_range(line), Decimal(missing))


def told(*gaps: Gap, here: str = "lead") -> list[str]:
    said = not_yet(RICH, here, NextStage("mql", gaps), "en")
    return [text.replace("\u00a0", " ").replace("\u202f", " ") for text in said]


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (
            level_gap(">=30", "28.5", "1.5"),
            "Fit: 1.5 points missing (28.5 against a line at 30).",
        ),
        (level_gap(">=30", "29", "1"), "Fit: 1 point missing (29 against a line at 30)."),
        (
            level_gap(">30", "28", "2.000001"),
            "Fit: more than 2 points missing (28, must be above 30).",
        ),
        (level_gap(">30", "30", "0.000001"), "Fit: 30, must be above 30."),
        (
            level_gap("10..30", "32", "-2"),
            "Fit: 2 points too many (32 against a line at 30).",
        ),
        (GradeGap("B2", ("A1", "A2")), "Grade B2, where A1 or A2 is asked for."),
        (EventGap(("page", "download")), "Not seen yet: page seen or download."),
        (
            EventGap(("page",), {"path": Patterns(("/pricing",))}),
            "Not seen yet: page seen (path /pricing).",
        ),
        (
            EventGap(("accepted",), since=NOW - WEEK),
            "Not seen again since March 9, 2026: accepted by sales.",
        ),
        (
            FieldGap("industry", "retail", Patterns(("software",))),
            "Field industry: retail, where software is asked for.",
        ),
        (
            FieldGap("phone", None, Missing(missing=False)),
            "Field phone: nothing, where something is asked for.",
        ),
        (CriterionGap("need", "open", Decimal(25)), "Need (+25): not assessed yet."),
        (CriterionGap("need", "unmet", Decimal(25)), "Need (+25): assessed, not confirmed."),
        (
            CriterionGap("need", "lapsed", Decimal(25)),
            "Need (+25): the assessment has expired.",
        ),
        (QualifiedGap(), "For leads that sales has not qualified; this one is."),
        (
            RestGap("bad_timing", date(2026, 6, 1)),
            "Given back for the reason “bad_timing”: rests until June 1, 2026.",
        ),
        (RearmGap("bad_timing", Decimal(7)), "7 new points missing to come up again."),
        (DisqualifiedGap("rival"), "Disqualified by “rival”."),
        (
            DisqualifiedGap("complained", date(2026, 4, 11)),
            "Disqualified by “S’est plaint”, until April 11, 2026.",
        ),
    ],
)
def test_every_gap_is_told_in_one_sentence(gap: Gap, words: str) -> None:
    assert told(gap) == ["Next stage: MQL.", words]


def test_the_way_around_and_the_frost_come_last() -> None:
    ahead = NextStage("mql", (), ("hand_raise", "recommended"), frozen_since=NOW - WEEK)

    assert list(not_yet(RICH, "lead", ahead, "en")) == [
        "Next stage: MQL.",
        "Shortcut: hand_raise or recommended.",
        "The score is frozen since March 9, 2026: no point counts until it thaws.",
    ]


@pytest.mark.parametrize("here", ["nurturing", "disqualified"])
def test_who_is_kept_away_is_told_where_it_would_stand(here: str) -> None:
    assert told(here=here) == ["Would otherwise stand at: MQL."]


def test_at_the_top_nothing_is_missing() -> None:
    assert list(not_yet(RICH, "sql", None, "en")) == ["Nothing stands higher than this stage."]
