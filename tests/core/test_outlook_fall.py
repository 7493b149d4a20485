"""Until when a lead stands, and why it falls, against a plain walk over midnights."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.history import Event, Lead
from passerelle.core.outlook import Fall, until_when
from passerelle.core.ranges import parse_range
from passerelle.core.scorer import score_lead
from passerelle.core.standing import rank
from tests.core.rich import NOW, RICH, a_lead, an_agreement, an_event, leads, past

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
SIMPLE = """
passerelle: 1
key: simple
timezone: {zone}
dimensions: {{engagement: {{range: [0, 100], weight: 1}}}}
rules:
  - {{key: seen, dimension: engagement, event: page, points: 60, {fading}}}
total: {{weighted: [engagement]}}
stages:
  mql: {{when: {{total: "{line}"}}{falls}}}
"""

BOTH_WAYS = """
passerelle: 1
key: both_ways
dimensions: {engagement: {range: [-100, 100], weight: 1}}
rules:
  - {key: seen, dimension: engagement, event: page, points: 40, half_life: 5d}
  - {key: bounced, dimension: engagement, event: email_bounced, points: -20, half_life: 50d}
total: {weighted: [engagement], range: [-100, 100]}
stages:
  mql: {when: {total: ">=-2"}}
"""


def simple(
    *, line: str = ">=50", fading: str = "half_life: 30d", falls: str = "", zone: str = "UTC"
) -> Agreement:
    text = SIMPLE.format(line=line, fading=fading, falls=falls, zone=zone)
    return an_agreement(lambda _: text)


def test_a_lead_falls_at_the_local_midnight_at_which_decay_takes_it_below() -> None:
    agreement = simple(zone="Europe/Paris")
    lead = Lead("ada", {}, [an_event("page")])

    fall = until_when(agreement, lead, as_of=NOW)

    assert fall is not None
    assert (fall.on, fall.at) == (date(2026, 3, 24), datetime(2026, 3, 23, 23, tzinfo=UTC))
    assert fall.stage == "lead"
    assert fall.total.quantize(Decimal("0.01")) == Decimal("49.87")
    assert (fall.cause.kind, fall.cause.of, fall.cause.level) == ("faded", "seen", "total")


def test_a_lead_on_its_line_falls_the_very_next_night() -> None:
    fall = until_when(simple(line=">=60"), Lead("ada", {}, [an_event("page")]), as_of=NOW)

    assert fall is not None
    assert (fall.on, fall.stage) == (date(2026, 3, 17), "lead")


def test_hysteresis_keeps_a_lead_longer() -> None:
    lead = Lead("ada", {}, [an_event("page")])

    soon = until_when(simple(), lead, as_of=NOW)
    later = until_when(simple(falls=", falls_below: 30"), lead, as_of=NOW)

    assert soon is not None
    assert later is not None
    assert (later.on - soon.on).days == 23
    assert later.on == date(2026, 4, 16)


def test_a_lead_that_nothing_takes_down_has_no_end() -> None:
    lead = Lead("ada", {}, [an_event("page")])

    assert until_when(simple(fading="max: 60"), lead, as_of=NOW) is None
    assert until_when(RICH, a_lead(), as_of=NOW) is None


@pytest.mark.parametrize(("horizon", "falls"), [(0, False), (7, False), (8, True)])
def test_nothing_is_said_beyond_the_horizon(horizon: int, *, falls: bool) -> None:
    lead = Lead("ada", {}, [an_event("page")])

    fall = until_when(simple(), lead, as_of=NOW, horizon_days=horizon)

    assert (fall is not None) == falls


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        ([an_event("vip_named")], ("override", "vip")),
        ([an_event("demo_requested")], ("fast_track", "hand_raise")),
        ([an_event("email_clicked")], ("silence", "silent")),
        (
            [
                an_event("accepted"),
                an_event("meeting_booked"),
                *(
                    an_event("bant_assessed", criterion=criterion, met=True)
                    for criterion in ("budget", "authority", "need")
                ),
            ],
            ("evidence", "budget"),
        ),
        (
            [an_event("download", ago=n * DAY) for n in range(3)]
            + [an_event("form_submitted", asset="ebook-seo", ago=n * DAY) for n in range(1)],
            ("faded", "fast"),
        ),
    ],
)
def test_the_cause_of_a_fall_is_named(events: list[Event], cause: tuple[str, str]) -> None:
    fall = until_when(RICH, a_lead(*events), as_of=NOW)

    assert fall is not None
    assert (fall.cause.kind, fall.cause.of) == cause


WEIGHED = """
passerelle: 1
key: weighed
dimensions: {deep: {weight: 0.9}, wide: {weight: 0.1}}
rules:
  - {key: deep, dimension: deep, event: page, points: 20, expires: 5d}
  - {key: wide, dimension: wide, event: page, points: 50, expires: 5d}
total: {weighted: [deep, wide], range: [0, 100]}
stages: {mql: {when: {total: ">=20"}}}
overrides:
  - {key: key_account, event: vip_named, floor: {deep: 30}, window: 9d}
"""


@pytest.mark.parametrize(
    ("event", "on", "cause"),
    [
        ("page", date(2026, 3, 21), ("faded", "deep", Decimal(-18))),
        ("vip_named", date(2026, 3, 25), ("override", "key_account", Decimal(-27))),
    ],
)
def test_what_weighed_most_in_the_total_is_the_cause(
    event: str, on: date, cause: tuple[str, str, Decimal]
) -> None:
    agreement = an_agreement(lambda _: WEIGHED)

    fall = until_when(agreement, Lead("ada", {}, [an_event(event)]), as_of=NOW)

    assert fall is not None
    found = fall.cause
    assert (fall.on, (found.kind, found.of, found.points)) == (on, cause)
    assert (found.level, found.value, found.line) == ("total", Decimal(0), parse_range(">=20"))


def test_silence_is_a_cause() -> None:
    agreement = an_agreement(lambda text: text.replace(", window: 180d}", "}"))
    lead = a_lead(an_event("form_submitted", asset="ebook-seo"))

    fall = until_when(agreement, lead, as_of=NOW)

    assert fall is not None
    assert (fall.on, fall.cause.kind, fall.cause.of) == (date(2026, 4, 15), "silence", "silent")


def test_a_fall_from_which_the_lead_recovers_by_itself_is_not_overlooked() -> None:
    agreement = an_agreement(lambda _: BOTH_WAYS)
    lead = Lead("ada", {}, [an_event("page"), an_event("email_bounced")])

    fall = until_when(agreement, lead, as_of=NOW)
    at_the_end = score_lead(agreement, lead, as_of=NOW + 1100 * DAY)

    assert at_the_end.stage == "mql"
    assert fall is not None
    assert _told(fall) == _told(_walked(agreement, lead, 40))


@given(leads(), st.sampled_from([15, 100]))
@settings(max_examples=25)
def test_the_fall_is_the_one_that_a_plain_walk_over_midnights_finds(
    lead: Lead, horizon: int
) -> None:
    fall = until_when(RICH, lead, as_of=NOW, horizon_days=horizon)

    assert _told(fall) == _told(_walked(RICH, past(lead), horizon))


@given(
    leads(),
    st.sampled_from(
        [
            ('hot: {when: {total: ">60"}}', "hot: {when: {grade: [A1, B1]}}"),
            ('hot: {when: {total: ">60"}}', 'hot: {when: {engagement: "20..60"}}'),
            ("falls_below: {total: 20}", "falls_below: {total: 5, fit: 10}"),
            ("expires: 60d}", "half_life: 20d}"),
            ("Europe/Paris", "America/Havana"),
        ]
    ),
)
@settings(max_examples=40)
def test_the_fall_is_exact_where_levels_go_both_ways(lead: Lead, change: tuple[str, str]) -> None:
    agreement = an_agreement(lambda text: text.replace(*change))

    fall = until_when(agreement, lead, as_of=NOW, horizon_days=35)

    assert _told(fall) == _told(_walked(agreement, past(lead), 35))


@given(leads())
@settings(max_examples=60)
def test_a_lead_stands_until_the_last_microsecond_and_not_one_longer(lead: Lead) -> None:
    now = score_lead(RICH, past(lead), as_of=NOW)

    fall = until_when(RICH, lead, as_of=NOW)

    if fall is not None:
        then = score_lead(RICH, past(lead), as_of=fall.at)
        just_before = score_lead(RICH, past(lead), as_of=fall.at - MICROSECOND)
        assert (then.stage, then.total) == (fall.stage, fall.total)
        assert rank(RICH, then.stage) < rank(RICH, now.stage) <= rank(RICH, just_before.stage)
        assert fall.cause.kind != "unknown"


def _told(fall: Fall | None) -> tuple[object, ...] | None:
    return None if fall is None else (fall.at, fall.on, fall.stage, fall.total)


def _walked(agreement: Agreement, lead: Lead, horizon: int) -> Fall | None:
    """The plain walk: the score at every midnight."""
    now = score_lead(agreement, lead, as_of=NOW)
    for n in range(1, horizon + 1):
        day = agreement.day(NOW) + n * DAY
        at = agreement.midnight(day)
        score = score_lead(agreement, lead, as_of=at)
        if rank(agreement, score.stage) < rank(agreement, now.stage):
            found = until_when(agreement, lead, as_of=NOW, horizon_days=horizon)
            assert found is not None
            return replace(found, at=at, on=day, stage=score.stage, total=score.total)
    return None
