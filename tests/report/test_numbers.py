"""The report's numbers are those of the reference scorer, counted once each."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from passerelle.core.history import Event
from passerelle.core.scorer import Score, score_lead
from passerelle.report.findings import rules_of_half, unread_events
from passerelle.report.level_numbers import nice_width
from passerelle.report.rule_numbers import always_together
from tests.report.office import (
    DOCUMENT,
    NOW,
    SOME,
    Office,
    a_lead,
    an_agreement,
    an_event,
    an_office,
)


@pytest.fixture(scope="module")
def office() -> Office:
    return an_office()


def the_scores(office: Office) -> dict[str, Score]:
    return {lead.key: score_lead(office.agreement, lead, as_of=NOW) for lead in SOME}


def test_every_lead_stands_at_one_stage_as_the_reference_scorer_says(office: Office) -> None:
    expected = Counter(score.stage for score in the_scores(office).values())

    stages = office.numbers().stages

    assert {one.key: one.n for one in stages.stages if one.n} == expected
    assert stages.leads == len(SOME)
    assert [one.reached for one in stages.rungs] == [4, 2, 1]
    assert [(one.key, one.n) for one in stages.tracks] == [("asked", 1)]
    assert [(one.key, one.n) for one in stages.disqualifiers] == [("rival", 1)]


def test_the_spread_of_the_total_holds_each_lead_in_the_bin_of_its_points(office: Office) -> None:
    spread = office.numbers().spread

    assert spread is not None
    found = Counter((low, stage) for (low, stage), n in spread.counts.items() for _ in range(n))
    assert found == Counter(
        (float(score.total // Decimal(str(spread.width))) * spread.width, score.stage)
        for score in the_scores(office).values()
    )
    assert [(line.stage, line.at, line.falls) for line in spread.lines] == [
        ("mql", 30.0, False),
        ("mql", 20.0, True),
    ]


def test_the_matrix_is_that_of_the_grades(office: Office) -> None:
    matrix = office.numbers().matrix

    assert matrix is not None
    assert matrix.row_labels == ("A", "B")
    assert matrix.column_labels == ("2", "1")
    assert {row + column: n for (row, column), n in matrix.counts.items()} == Counter(
        score.levels.grade for score in the_scores(office).values()
    )


def test_without_grades_the_matrix_has_bands_of_the_first_two_dimensions() -> None:
    office = an_office(agreement=an_agreement(grades=None))

    matrix = office.numbers().matrix

    assert matrix is not None
    assert (matrix.rows, matrix.columns) == ("fit", "engagement")
    assert matrix.counts["80", "30"] == 1
    assert sum(matrix.counts.values()) == len(SOME)


def test_with_one_dimension_there_is_no_matrix() -> None:
    agreement = an_agreement(
        dimensions={"fit": {}},
        groups=None,
        rules=DOCUMENT["rules"][:2],
        total={"sum": ["fit"]},
        grades=None,
    )

    assert an_office(agreement=agreement).numbers().matrix is None


def test_a_rule_weighs_what_the_ledgers_of_all_leads_say(office: Office) -> None:
    ledgers = [w for score in the_scores(office).values() for w in score.levels.worths]
    weight = {"size": 0.4, "boss": 0.4, "pricing": 0.6, "clicked": 0.6, "left": 0.6}
    whole = sum(weight[w.rule] * abs(float(w.points)) for w in ledgers)

    rules = office.numbers().rules

    for rule in rules:
        mine = [w for w in ledgers if w.rule == rule.key]
        held = sum(float(w.points) for w in mine)
        assert rule.counts == sum(1 for w in mine if w.points)
        assert rule.held == pytest.approx(held)
        assert rule.share == pytest.approx(weight[rule.key] * held / whole)
    assert [rule.key for rule in rules][:2] == ["size", "pricing"]
    pricing = next(rule for rule in rules if rule.key == "pricing")
    assert pricing.granted == 45
    assert pricing.faded < 0
    assert rules_of_half(office.numbers()) == 1


def test_a_limit_tells_whom_it_holds(office: Office) -> None:
    lines = {(line.level, line.of): line for line in office.numbers().lines}

    assert lines["group", "email"].held == 1
    assert lines["group", "email"].points == pytest.approx(-2)
    assert lines["rule", "pricing"].held == 0
    assert lines["total", "total"].held == 0


def test_two_rules_that_fire_for_the_same_leads_are_told_from_five_leads_on() -> None:
    twin = {"key": "twin", "dimension": "fit", "field": "employees", "bands": {">=40": 1}}
    agreement = an_agreement(rules=[*DOCUMENT["rules"], twin])
    five = [a_lead(f"lead{n}", employees=60 + n) for n in range(5)]

    together, too_few = (
        always_together(an_office(leads, agreement=agreement).numbers().rules)
        for leads in (five, five[:4])
    )

    assert [{rule.key for rule in group} for group in together] == [{"size", "twin"}]
    assert too_few == ()


def test_a_field_tells_how_full_it_is_and_what_the_agreement_does_not_foresee(
    office: Office,
) -> None:
    fields = {one.name: one for one in office.numbers().fields}

    industry = fields["industry"]
    assert (industry.role, industry.filled, industry.distinct) == ("declared", 3, 3)
    assert industry.outside == 1
    assert industry.strangers == (("mining", 1),)
    assert fields["employees"].role == "read"
    assert (fields["employees"].lowest, fields["employees"].highest) == (60, 120)
    assert fields["company"].role == "contact"


def test_unknown_columns_are_shown_and_blanks_do_not_count_as_filled_in() -> None:
    office = an_office()
    office.connection.execute('ALTER TABLE leads ADD COLUMN "it\'s ""odd""" VARCHAR')
    office.connection.execute(
        "UPDATE leads SET \"it's \"\"odd\"\"\" = CASE lead WHEN 'ann' THEN 'x' ELSE ' ' END"
    )

    (odd,) = (one for one in office.numbers().fields if one.role == "unknown")

    assert (odd.name, odd.filled, odd.distinct) == ('it\'s "odd"', 1, 1)


def test_events_fall_into_the_months_of_the_agreements_time_zone() -> None:
    lead = a_lead(
        "ann",
        Event("page", datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC)),
        Event("page", datetime(2025, 12, 31, 23, 0, 0, tzinfo=UTC)),
        Event("page", datetime(2026, 2, 27, 12, tzinfo=UTC)),
        Event("page", datetime(2026, 3, 2, tzinfo=UTC)),
    )

    log = an_office([lead]).numbers().log

    assert log.months == (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
    assert log.events[0].months == {date(2025, 12, 1): 1, date(2026, 1, 1): 1, date(2026, 2, 1): 1}
    assert (log.events[0].leads, log.n) == (1, 3)


def test_events_that_nothing_asks_for_are_told_with_what_was_perhaps_meant() -> None:
    names = ("page", "email_openned", "call_made", "zzz")
    office = an_office([a_lead("ann", *(an_event(name) for name in names))])

    unread = unread_events(office.agreement, office.numbers().log, "en")

    assert [(one.event.name, one.near) for one in unread] == [
        ("email_openned", "email_opened"),
        ("zzz", ""),
        ("call_made", ""),
    ]


def test_content_is_counted_by_kind_and_what_no_line_knows_is_named(office: Office) -> None:
    strange = a_lead("ann", an_event("page", path="/jobs"), an_event("page", path="/pricing/x"))

    content = an_office([*SOME[1:], strange]).numbers().content

    assert content is not None
    assert set(content.kinds) == {("pricing", "decision", 1), ("article", "awareness", 1)}
    assert content.strangers == (("/jobs", 1),)


def test_the_top_leaves_out_who_is_aside_and_sorts_by_the_total(office: Office) -> None:
    leads = office.numbers(top=3).leads

    assert [lead.key for lead in leads] == ["ann", "bob", "cid"]
    assert (leads[0].name, leads[0].company, leads[0].email) == (
        "Ann Lee",
        "Acme",
        "ann@acme.example",
    )
    score = the_scores(office)["ann"]
    assert sum(reason.points for reason in leads[0].reasons) == score.total == leads[0].total


def test_customers_are_no_top_leads() -> None:
    won = {**DOCUMENT["stages"], "customer": {"when": {"event": "deal_won"}}}
    leads = [*SOME, a_lead("won", an_event("deal_won"), employees=100, job_title="ceo")]

    found = an_office(leads, agreement=an_agreement(stages=won)).numbers().leads

    assert "won" not in [lead.key for lead in found]


@pytest.mark.parametrize(
    ("span", "bins", "width"),
    [(100, 40, 2.5), (100, 10, 10), (7, 40, 0.2), (0, 40, 1), (1e6, 40, 25_000)],
)
def test_bins_have_round_widths(span: float, bins: int, width: float) -> None:
    assert nice_width(span, bins=bins) == pytest.approx(width)
