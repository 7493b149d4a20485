"""Mautic: signed points, repeatable or not, page conditions, groups, triggers that fire once."""

from __future__ import annotations

from passerelle.core.history import Event, Lead
from tests.core.builders import a_lead
from tests.gallery.story import at_end_of, gallery, on, stages_by_day

AGREEMENT = gallery("mautic")


def group(name: str, *events: Event, number: float = 40) -> float:
    return float(at_end_of(AGREEMENT, a_lead(*events), number).levels.of(name))


def page(number: float, minute: float = 0, path: str = "/") -> Event:
    return on(number, "page", minute, path=path)


def ana() -> Lead:
    return a_lead(
        page(0),
        page(0, 12),
        *(page(2, n, "/pricing") for n in range(3)),
        on(2, "form_submitted"),
        on(3, "download", asset="a"),
        on(3, "email_opened"),
        on(3, "email_clicked"),
        page(9, 0, "/fair-2024/berlin"),
        page(41),
        on(42, "email_unsubscribed"),
        on(50, "deal_won"),
        key="ana",
    )


def back() -> Lead:
    return a_lead(page(0), on(1, "returned", reason="no_need"), key="back")


LEADS = (ana(), back())


def test_what_is_not_repeatable_counts_the_first_time_only() -> None:
    forms = [on(n, "form_submitted") for n in range(5)]
    downloads = [on(n, "download", asset=asset) for n, asset in enumerate("aab")]

    assert group("interest", *forms) == 10
    assert group("interest", *downloads) == 10


def test_what_is_repeatable_counts_each_time_with_its_sign() -> None:
    mails = [on(n, "email_clicked") for n in range(4)]

    assert group("interest", *mails) == 12
    assert group("interest", *mails, on(5, "email_unsubscribed")) == 2


def test_an_action_is_active_between_two_dates_only() -> None:
    by_day = {number: group("interest", page(number, 0, "/fair-2024")) for number in (6, 7, 13, 14)}

    assert by_day == {6: 0, 7: 20, 13: 20, 14: 0}


def test_pages_count_the_first_time_and_at_so_many_hits() -> None:
    hits = [page(0, n, "/pricing") for n in range(4)]

    points = [group("interest", *hits[:n]) for n in (1, 2, 3, 4)]

    assert points == [5, 5, 15, 15]


def test_returns_within_a_week_and_after_a_month_are_told_apart() -> None:
    loyalty = [group("loyalty", page(0), page(away)) for away in (0.006, 1, 6.9, 7, 29, 30)]

    assert loyalty == [0, 2, 2, 0, 0, -5]


def test_ten_minutes_on_the_site_count_once_a_visit() -> None:
    visit = [page(0, minute) for minute in (0, 5, 10, 20)]

    loyalty = [group("loyalty", *visit[:n]) for n in (2, 3, 4)]

    assert loyalty == [0, 5, 5]


def test_groups_hold_points_of_their_own_kind() -> None:
    levels = at_end_of(AGREEMENT, ana(), 9).levels

    assert levels.of("interest") == 5 + 10 + 10 + 5 + 1 + 3 + 20
    assert levels.of("loyalty") == 5 + 2 + 2
    assert levels.total == 54 + 9


def test_a_trigger_that_fired_stays_fired() -> None:
    clicks = [on(0, "email_clicked", n) for n in range(7)]
    gone = [on(n, "email_unsubscribed") for n in (1, 2, 3)]

    stages = stages_by_day(AGREEMENT, a_lead(*clicks, *gone), 0, 3)

    assert stages == ["newsletter", "newsletter"]
    assert group("interest", *clicks, *gone) == -9
