"""What people do to leads: it is history, it is audited, and it can be taken back exactly."""

import pytest

from passerelle.apps.accounts.models import AuditEntry, Role, Team, User
from passerelle.apps.people.actions import (
    CannotBeDone,
    Impossible,
    Prospect,
    add_note,
    add_prospect,
    keep_apart,
    merge_leads,
    set_fields,
    tag,
    take_back,
    undo_merge,
    untag,
)
from passerelle.apps.people.models import Claim, Lead, Tag
from passerelle.apps.people.queries import (
    fields_history,
    find_leads,
    identities_of,
    notes_of,
    timeline,
    visible_leads,
)
from passerelle.words import LANGUAGES
from tests.apps.people.builders import (
    NOW,
    a_user,
    an_event,
    at,
    everything,
    finish,
    identify,
    lead_of,
    take_in,
    the_lead,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return a_user()


def two_leads() -> tuple[Lead, Lead]:
    take_in(
        identify(1, user="u1", email="anne@acme.fr", device="d1", title="CEO"),
        identify(2, user="u2", email="anne@home.example", device="d2"),
        an_event(3, device="d2"),
    )
    return the_lead("user", "u1"), the_lead("user", "u2")


def test_a_merge_is_seen_at_once_and_the_other_key_leads_there(by: User) -> None:
    kept, other = two_leads()

    merge_leads(by, kept, other, now=NOW)

    other.refresh_from_db()
    assert other.merged_into == kept
    assert the_lead("device", "d2") == kept
    assert [e.action for e in AuditEntry.objects.all()] == ["lead.merged"]


def test_a_merge_undone_leaves_everything_as_if_it_never_was(by: User) -> None:
    kept, other = two_leads()
    before = everything()

    merge_leads(by, kept, other, now=NOW)
    merged = everything()
    undo_merge(by, Lead.objects.get(pk=other.pk), now=NOW)
    finish()

    after = everything()
    assert merged != before
    assert {k: v for k, v in after.items() if k != "claims"} == {
        k: v for k, v in before.items() if k != "claims"
    }


def test_what_nobody_merged_cannot_be_undone(by: User) -> None:
    _, other = two_leads()

    with pytest.raises(CannotBeDone) as refused:
        undo_merge(by, other, now=NOW)

    assert refused.value.code is Impossible.NOT_MERGED


def test_two_whom_the_log_joined_can_be_kept_apart_and_that_can_be_taken_back(by: User) -> None:
    kept, _ = two_leads()
    user, email = [t.subject for t in identities_of(kept).ties if t.subject.kind != "device"]
    before = everything()

    keep_apart(by, user, email, now=NOW)
    assert lead_of("user", "u1") != lead_of("email", "anne@acme.fr")
    take_back(by, Claim.objects.get(kind="apart"), now=NOW)

    assert everything()["ties"] == before["ties"]


def test_a_field_that_somebody_sets_is_history_with_its_author(by: User) -> None:
    lead, _ = two_leads()

    set_fields(by, lead, {"job_title": "Director", "employees": 40}, now=NOW)

    lead.refresh_from_db()
    assert (lead.job_title, lead.fields["employees"]) == ("Director", 40)
    titles = [f for f in fields_history(lead) if f.field == "job_title"]
    assert [(f.value, f.by, f.stands) for f in titles] == [
        ("Director", by, True),
        ("CEO", None, False),
    ]
    assert [f.value for f in fields_history(lead, known_at=at(5)) if f.field == "job_title"] == [
        "CEO"
    ]
    assert AuditEntry.objects.get().details == {"fields": ["employees", "job_title"]}


def test_a_colleagues_word_is_no_visit(by: User) -> None:
    lead, _ = two_leads()
    seen_at = lead.last_seen_at

    set_fields(by, lead, {"job_title": "Director"}, now=NOW)

    lead.refresh_from_db()
    assert lead.last_seen_at == seen_at


def test_an_emptied_field_is_empty(by: User) -> None:
    lead, _ = two_leads()

    set_fields(by, lead, {"job_title": ""}, now=NOW)

    lead.refresh_from_db()
    assert lead.job_title == ""


def test_a_corrected_address_leads_to_the_same_person(by: User) -> None:
    lead, _ = two_leads()

    set_fields(by, lead, {"email": "Anne.Roy@acme.fr"}, now=NOW)
    take_in(an_event(9999, "track", email="anne.roy@acme.fr", name="form_submitted"))

    lead.refresh_from_db()
    assert lead.email == "anne.roy@acme.fr"
    assert the_lead("email", "anne.roy@acme.fr") == the_lead("email", "anne@acme.fr") == lead


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"email": "anne@home.example"}, Impossible.EMAIL_TAKEN),
        ({"email": "anne"}, Impossible.BAD_EMAIL),
        ({}, Impossible.EMPTY),
        ({"need": "x" * 3000}, Impossible.TOO_LONG),
        ({f"f{n}": n for n in range(101)}, Impossible.TOO_MANY),
    ],
)
def test_what_cannot_be_a_field_is_refused_in_both_languages(
    by: User, fields: dict[str, str], code: Impossible
) -> None:
    lead, _ = two_leads()
    before = everything()

    with pytest.raises(CannotBeDone) as refused:
        set_fields(by, lead, fields, now=NOW)

    assert refused.value.code is code
    assert all(refused.value.says(language) for language in LANGUAGES)
    assert everything() == before


def test_notes_of_a_merged_lead_are_read_with_the_others(by: User) -> None:
    kept, other = two_leads()
    add_note(by, other, "  Called twice. ", now=NOW)
    with pytest.raises(CannotBeDone):
        add_note(by, other, " ", now=NOW)

    merge_leads(by, kept, other, now=NOW)

    assert [note.text for note in notes_of(kept)] == ["Called twice."]


def test_tags_are_put_on_taken_off_and_forgotten(by: User) -> None:
    leads = two_leads()

    tag(by, leads, "Trade  fair", now=NOW)
    tag(by, leads, "trade fair", now=NOW)
    assert [t.name for t in leads[0].tags.all()] == ["Trade fair"]
    untag(by, leads, "TRADE FAIR", now=NOW)

    assert not Tag.objects.exists()


def test_a_prospect_is_held_before_any_interest_until_it_shows_some(by: User) -> None:
    lead = add_prospect(by, Prospect("Tom@Roy.example", "", {"name": "Tom Roy"}), now=NOW)
    assert (lead.is_prospect, lead.name, lead.last_seen_at) == (True, "Tom Roy", None)

    take_in(an_event(9999, "track", email="tom@roy.example", name="form_submitted"))

    lead.refresh_from_db()
    assert not lead.is_prospect
    assert lead.last_seen_at == at(9999)


@pytest.mark.parametrize("email", ["", "tom", "test@test.com"])
def test_a_prospect_without_a_name_to_be_known_by_is_refused(by: User, email: str) -> None:
    with pytest.raises(CannotBeDone):
        add_prospect(by, Prospect(email, "", {}), now=NOW)

    assert not Lead.objects.exists()


def test_the_timeline_goes_back_page_by_page() -> None:
    take_in(*(an_event(n, device="d1") for n in range(9)), identify(9, user="u1", device="d1"))
    lead = the_lead("user", "u1")

    first = timeline(lead, limit=4)
    second = timeline(lead, before=(first[-1].occurred_at, first[-1].pk), limit=4)

    assert [e.occurred_at for e in first] == [at(n) for n in (9, 8, 7, 6)]
    assert [e.occurred_at for e in second] == [at(n) for n in (5, 4, 3, 2)]


def test_identities_tell_the_spans_the_refusals_and_what_people_said(by: User) -> None:
    kept, other = two_leads()
    take_in(identify(20, user="u2", device="d1"))
    merge_leads(by, kept, other, now=NOW)

    found = identities_of(kept)

    assert {t.subject.value for t in found.ties} == {
        "u1", "u2", "anne@acme.fr", "anne@home.example", "d1", "d2",
    }  # fmt: skip
    assert [(m.claim.kind, m.by, m.undone) for m in found.merges] == [("merge", by, False)]
    assert found.merged == [other]


@pytest.mark.parametrize(
    "text", ["anne", "ROY", "léa ro", "lea", "lea@ac", "acme", "acme.fr lea", "Ro Lé"]
)
def test_leads_are_found_by_the_beginnings_of_words(by: User, text: str) -> None:
    take_in(
        identify(1, user="u1", email="lea@acme.fr", name="Léa Roy", company="Acme"),
        identify(2, user="u2", email="anne.martin@other.example", name="Anne Martin"),
    )

    found = find_leads(by, text)

    assert [lead.name for lead in found] == ["Anne Martin" if text == "anne" else "Léa Roy"]


@pytest.mark.parametrize("text", ["", "l", "x%", "éa", "%", "_ea", "zoe"])
def test_nobody_is_found_by_what_begins_no_word(by: User, text: str) -> None:
    take_in(identify(1, user="u1", email="lea@acme.fr", name="Léa Roy"))

    assert find_leads(by, text) == []


def test_sales_find_only_leads_of_their_team_or_of_none(by: User) -> None:
    mine = Team.objects.create(key="north", name="North")
    sdr = a_user(Role.SDR, "sam@firm.example")
    lead, other = two_leads()
    Lead.objects.filter(pk=lead.pk).update(team=mine)

    assert set(visible_leads(sdr)) == {other}
    assert set(find_leads(by, "anne")) == {lead, other}
    assert find_leads(sdr, "anne") == [other]
