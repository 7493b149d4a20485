"""What holds of identity for any log, in whatever order it came in."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from passerelle.core.identity import Claim, ClaimKind, Resolution, Subject, resolve

T0 = datetime(2026, 3, 1, tzinfo=UTC)
DEVICES = [Subject("device", f"d{n}") for n in range(4)]
USERS = [*(Subject("user", f"u{n}") for n in range(4)), Subject("user", "null")]
EMAILS = [*(Subject("email", f"p{n}@acme.fr") for n in range(4)), Subject("email", "test@acme.fr")]
MINUTES = st.integers(0, 12).map(lambda n: T0 + timedelta(minutes=n))  # few, so that many coincide


@st.composite
def one_event(draw: st.DrawFn, number: int) -> list[Claim]:
    moment, event = draw(MINUTES), f"m{number:03d}"
    match draw(
        st.sampled_from(["identify", "identify", "form", "alias", "merge", "apart", "undo"])
    ):
        case "merge" | "apart" as kind:
            one, other = draw(st.permutations([*USERS, *EMAILS]))[:2]
            return [Claim(moment, event, ClaimKind(kind), one, other)]
        case "undo":
            undone = f"m{draw(st.integers(0, 24)):03d}"
            return [Claim(moment, event, ClaimKind.UNDO, USERS[0], USERS[1], undone)]
        case "alias":
            user, older = draw(st.sampled_from(USERS)), draw(st.sampled_from([*DEVICES, *USERS]))
            seen = Claim(moment, event, ClaimKind.SEEN, user)
            return [seen, Claim(moment, event, ClaimKind.ALIAS, user, older)]
        case kind:
            who = draw(st.sampled_from(EMAILS if kind == "form" else USERS))
            claims = [Claim(moment, event, ClaimKind.SEEN, who)]
            if device := draw(st.sampled_from([*DEVICES, None])):
                claims.append(Claim(moment, event, ClaimKind.ON, device, who))
            if kind == "identify" and (email := draw(st.sampled_from([*EMAILS, None]))):
                claims.append(Claim(moment, event, ClaimKind.SAME, who, email))
            return claims


@st.composite
def logs(draw: st.DrawFn) -> list[Claim]:
    n = draw(st.integers(0, 25))
    return [claim for number in range(n) for claim in draw(one_event(number))]


@given(logs(), st.integers())
def test_a_hundred_shuffles_of_a_log_give_the_same_people(log: list[Claim], seed: int) -> None:
    dice, expected = random.Random(seed), resolve(log)

    shuffles = [dice.sample(log, len(log)) for _ in range(100)]

    assert all(resolve(shuffled) == expected for shuffled in shuffles)


@given(logs())
def test_a_claim_heard_twice_says_nothing_new(log: list[Claim]) -> None:
    assert resolve([*log, *log]) == resolve(log)


@given(logs())
def test_nobody_holds_two_values_of_a_kind_and_no_name_is_two_peoples(log: list[Claim]) -> None:
    found = resolve(log)

    names = Counter(subject for person in found.people for subject in person.subjects)
    assert all(n == 1 for n in names.values())
    for person in found.people:
        assert len({subject.kind for subject in person.held}) == len(person.held)
        assert person.anchor in person.subjects
        assert not any(subject.is_device for subject in person.subjects)


@given(logs())
def test_a_subject_speaks_for_one_person_at_a_time(log: list[Claim]) -> None:
    found = resolve(log)

    for subject in {span.subject for span in found.spans}:
        spans = [span for span in found.spans if span.subject == subject]
        assert spans[0].since is None
        assert spans[-1].until is None
        for earlier, later in pairwise(spans):
            assert earlier.until == later.since
            assert later.since is not None
            assert earlier.since is None or earlier.since < later.since


@given(logs(), st.data())
def test_a_merge_undone_is_as_if_it_never_was(log: list[Claim], data: st.DataObject) -> None:
    kept, other = data.draw(st.permutations([*USERS, *EMAILS]))[:2]
    merge = Claim(data.draw(MINUTES), "merge", ClaimKind.MERGE, kept, other)
    undo = Claim(data.draw(MINUTES), "undo", ClaimKind.UNDO, kept, other, "merge")

    assert resolve([*log, merge, undo]) == resolve(log)


@given(logs())
def test_junk_joins_nobody_unless_a_person_says_so(log: list[Claim]) -> None:
    by_machine = [claim for claim in log if claim.kind is not ClaimKind.MERGE]

    found: Resolution = resolve(by_machine)

    named = {subject.value for person in found.people for subject in person.subjects}
    assert not named & {"null", "test@acme.fr"}


@given(logs())
def test_without_a_persons_word_all_that_is_anybodys_stands(log: list[Claim]) -> None:
    by_machine = [claim for claim in log if claim.kind is not ClaimKind.MERGE]

    assert all(set(person.subjects) == set(person.held) for person in resolve(by_machine).people)
