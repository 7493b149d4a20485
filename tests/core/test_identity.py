"""Who is who, by named cases; the four of Mautic's issue tracker among them."""

from datetime import UTC, datetime, timedelta

import pytest

from passerelle.core.identity import (
    Claim,
    ClaimKind,
    Person,
    RefusalReason,
    Resolution,
    Span,
    Subject,
    is_junk,
    resolve,
)

T0 = datetime(2026, 3, 1, 9, tzinfo=UTC)
LAPTOP, PHONE = Subject("device", "d-laptop"), Subject("device", "d-phone")
ANNE, BRUNO = Subject("user", "u-anne"), Subject("user", "u-bruno")
ANNE_MAIL, BRUNO_MAIL = Subject("email", "anne@acme.fr"), Subject("email", "bruno@acme.fr")


def at(minute: float) -> datetime:
    return T0 + timedelta(minutes=minute)


def seen(minute: float, who: Subject, event: str = "") -> Claim:
    return Claim(at(minute), event or f"e{minute}", ClaimKind.SEEN, who)


def said(minute: float, kind: ClaimKind, one: Subject, other: Subject, event: str = "") -> Claim:
    return Claim(at(minute), event or f"e{minute}", kind, one, other)


def identify(minute: float, *names: Subject) -> list[Claim]:
    """What one identify call claims: its most telling name first, a device last."""
    who = next(name for name in names if not name.is_device)
    claims = [seen(minute, who)]
    for name in names:
        if name.is_device:
            claims.append(said(minute, ClaimKind.ON, name, who))
        elif name != who:
            claims.append(said(minute, ClaimKind.SAME, who, name))
    return claims


def merge(minute: float, kept: Subject, other: Subject) -> Claim:
    return said(minute, ClaimKind.MERGE, kept, other)


def undo(minute: float, merged: Claim) -> Claim:
    return Claim(
        at(minute), f"e{minute}", ClaimKind.UNDO, merged.first, merged.second, undoes=merged.id
    )


def spans_of(found: Resolution, subject: Subject) -> list[Span]:
    return [span for span in found.spans if span.subject == subject]


def person(found: Resolution, subject: Subject) -> Person:
    return next(p for p in found.people if subject in p.subjects)


def test_a_device_speaks_for_who_identified_on_it_from_the_beginning() -> None:
    found = resolve(identify(10, ANNE, LAPTOP))

    assert spans_of(found, LAPTOP) == [Span(LAPTOP, ANNE)]
    assert person(found, ANNE).known_since == at(10)


def test_nobody_is_known_by_a_device_alone() -> None:
    assert resolve([]).people == ()


def test_user_id_and_address_given_together_are_one_person() -> None:
    found = resolve(identify(10, ANNE, ANNE_MAIL, LAPTOP))

    assert found.people == (Person(ANNE, at(10), (ANNE_MAIL, ANNE), (ANNE_MAIL, ANNE)),)
    assert spans_of(found, ANNE_MAIL) == [Span(ANNE_MAIL, ANNE)]
    assert found.refused == ()


def test_a_form_first_and_an_account_later_keep_the_key_of_the_form() -> None:
    form, account = identify(5, ANNE_MAIL, LAPTOP), identify(60, ANNE, ANNE_MAIL, PHONE)

    found = resolve([*form, *account])

    assert [p.anchor for p in found.people] == [ANNE_MAIL]
    assert spans_of(found, PHONE) == [Span(PHONE, ANNE_MAIL)]


def test_mautic_16425_an_anonymous_visitor_never_wins_a_merge_and_the_key_stays() -> None:
    known = identify(0, ANNE, ANNE_MAIL)
    before = resolve(known)

    # she comes back on a phone that browsed anonymously long before, and identifies there
    found = resolve([*known, *identify(90, ANNE, PHONE)])

    assert [p.anchor for p in found.people] == [p.anchor for p in before.people] == [ANNE]
    assert spans_of(found, PHONE) == [Span(PHONE, ANNE)]


def test_mautic_4211_who_identifies_on_anothers_browser_does_not_take_the_others_past() -> None:
    found = resolve([*identify(10, ANNE, LAPTOP), *identify(50, BRUNO, LAPTOP)])

    assert spans_of(found, LAPTOP) == [
        Span(LAPTOP, ANNE, None, at(50)),
        Span(LAPTOP, BRUNO, at(50), None),
    ]
    [refused] = found.refused
    assert (refused.first, refused.second) == (LAPTOP, BRUNO)
    assert refused.reason is RefusalReason.CHANGED_HANDS


def test_mautic_5155_what_happened_before_is_one_persons_once_whoever_comes_later() -> None:
    claims = [
        *identify(10, ANNE, LAPTOP),
        *identify(20, ANNE, ANNE_MAIL, LAPTOP),
        *identify(30, ANNE_MAIL, PHONE),
    ]

    found = resolve(claims)

    # each instant of each subject belongs to one person only, so no event counts twice
    assert len(found.people) == 1
    assert [len(spans_of(found, s)) for s in (LAPTOP, PHONE, ANNE, ANNE_MAIL)] == [1, 1, 1, 1]


def test_mautic_11527_two_people_with_one_address_field_are_not_stirred_together() -> None:
    # the same form on one device with two addresses: two people, each with an own span
    claims = [*identify(10, ANNE_MAIL, LAPTOP), *identify(11, BRUNO_MAIL, LAPTOP)]

    found = resolve(claims)

    assert [p.anchor for p in found.people] == [ANNE_MAIL, BRUNO_MAIL]
    assert all(len(p.held) == 1 for p in found.people)


def test_a_second_address_of_a_user_is_refused_and_makes_nobody() -> None:
    found = resolve([*identify(0, ANNE, ANNE_MAIL), *identify(5, ANNE, BRUNO_MAIL)])

    [refused] = found.refused
    assert refused.reason is RefusalReason.SECOND_EMAIL
    assert [p.subjects for p in found.people] == [(ANNE_MAIL, ANNE)]


def test_a_refused_address_under_which_somebody_acts_is_somebody_else() -> None:
    claims = [
        *identify(0, ANNE, ANNE_MAIL),
        *identify(5, ANNE, BRUNO_MAIL),
        *identify(9, BRUNO_MAIL),
    ]

    found = resolve(claims)

    assert [p.anchor for p in found.people] == [BRUNO_MAIL, ANNE]


def test_a_second_user_id_of_an_address_is_refused() -> None:
    found = resolve([*identify(0, ANNE, ANNE_MAIL), *identify(5, BRUNO, ANNE_MAIL)])

    [refused] = found.refused
    assert refused.reason is RefusalReason.SECOND_USER
    assert person(found, ANNE_MAIL).anchor == ANNE


def test_of_two_that_want_one_address_the_earlier_has_it_whichever_came_in_first() -> None:
    late = identify(1, BRUNO, ANNE_MAIL)

    found = resolve([*identify(7, ANNE, ANNE_MAIL), *late])

    assert person(found, ANNE_MAIL).anchor == BRUNO


@pytest.mark.parametrize(
    "value",
    [
        "null", "undefined", "Guest", "anonymous", "0000", "00000000-0000-0000-0000-000000000000",
        "", "  ", "[object Object]", "{{ user.id }}", "${userId}", "%userid%", "None", "xxxx", "-",
    ],
)  # fmt: skip
def test_placeholders_are_nobody(value: str) -> None:
    assert is_junk(Subject("user", value))
    assert is_junk(Subject("device", value))
    assert resolve(identify(0, Subject("user", value), LAPTOP)).people == ()


@pytest.mark.parametrize(
    "value",
    ["test@acme.fr", "jane@example.com", "noreply@acme.fr", "a@test.com", "null", "aaa@acme.fr"],
)
def test_test_addresses_never_join(value: str) -> None:
    junk = Subject("email", value)

    found = resolve([*identify(0, ANNE, junk), *identify(1, BRUNO, junk)])

    assert [p.subjects for p in found.people] == [(ANNE,), (BRUNO,)]
    assert {r.reason for r in found.refused} == {RefusalReason.JUNK}


@pytest.mark.parametrize(
    "value", ["1", "111", "u-1", "anne", "a.tester@acme.fr", "guestave", "lea@firm.example"]
)
def test_short_and_strange_identifiers_may_be_somebody(value: str) -> None:
    assert not is_junk(Subject("email" if "@" in value else "user", value))


def test_an_address_that_many_users_give_is_shared_and_joins_none_of_them() -> None:
    office = Subject("email", "office@acme.fr")
    users = [Subject("user", f"u{n}") for n in range(6)]

    found = resolve(claim for n, user in enumerate(users) for claim in identify(n, user, office))

    assert [p.subjects for p in found.people] == [(user,) for user in users]
    assert {r.reason for r in found.refused} == {RefusalReason.SHARED}
    assert len(found.refused) == 6


def test_a_device_on_which_a_crowd_identifies_speaks_for_nobody() -> None:
    users = [Subject("user", f"u{n}") for n in range(21)]

    found = resolve(claim for n, user in enumerate(users) for claim in identify(n, user, LAPTOP))

    assert spans_of(found, LAPTOP) == []


def test_a_person_may_merge_what_the_log_may_not() -> None:
    claims = [*identify(0, ANNE, ANNE_MAIL), *identify(5, BRUNO, BRUNO_MAIL)]

    found = resolve([*claims, merge(9, BRUNO, ANNE)])

    [one] = found.people
    assert one.anchor == BRUNO
    assert one.subjects == (ANNE_MAIL, BRUNO_MAIL, ANNE, BRUNO)
    assert one.held == (BRUNO_MAIL, BRUNO)


def test_a_merge_taken_back_never_was() -> None:
    claims = [*identify(0, ANNE, ANNE_MAIL, LAPTOP), *identify(5, BRUNO, LAPTOP)]
    merged = merge(9, BRUNO, ANNE)

    assert resolve([*claims, merged, undo(12, merged)]) == resolve(claims)


def test_two_whom_a_person_keeps_apart_do_not_join() -> None:
    apart = said(1, ClaimKind.APART, ANNE, ANNE_MAIL)

    found = resolve([*identify(0, ANNE), *identify(5, ANNE, ANNE_MAIL), apart])

    assert person(found, ANNE).subjects == (ANNE,)
    assert [r.reason for r in found.refused] == [RefusalReason.KEPT_APART]


def test_an_alias_ties_the_older_device_to_the_user() -> None:
    found = resolve([seen(3, ANNE), said(3, ClaimKind.ALIAS, ANNE, LAPTOP)])

    assert spans_of(found, LAPTOP) == [Span(LAPTOP, ANNE)]


def test_an_alias_between_two_user_ids_is_refused_and_an_unknown_one_is_nobody() -> None:
    ghost = Subject("user", "d-laptop")
    alias = said(3, ClaimKind.ALIAS, ANNE, BRUNO)

    found = resolve([seen(3, ANNE), seen(1, BRUNO), alias, said(3, ClaimKind.ALIAS, ANNE, ghost)])

    assert [p.subjects for p in found.people] == [(ANNE,), (BRUNO,)]
    assert [r.reason for r in found.refused] == [RefusalReason.SECOND_USER]


def test_a_late_identification_moves_the_line_between_two_people() -> None:
    claims = [*identify(10, ANNE, LAPTOP), *identify(50, BRUNO, LAPTOP)]

    found = resolve([*claims, *identify(30, BRUNO, LAPTOP)])

    assert spans_of(found, LAPTOP)[0].until == at(30)


def test_a_laptop_given_back_has_three_spans() -> None:
    claims = [
        *identify(10, ANNE, LAPTOP), *identify(20, BRUNO, LAPTOP), *identify(30, ANNE, LAPTOP),
    ]  # fmt: skip

    found = resolve(claims)

    assert [(s.anchor, s.since, s.until) for s in spans_of(found, LAPTOP)] == [
        (ANNE, None, at(20)),
        (BRUNO, at(20), at(30)),
        (ANNE, at(30), None),
    ]
