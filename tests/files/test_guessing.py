"""Columns found by exact name, by synonym in two languages, by likeness; never twice."""

import pytest

from passerelle.files import guess_events, guess_leads
from passerelle.files.guessing import How
from passerelle.files.synonyms import EVENT_COLUMNS, LEAD_KEYS, SYNONYMS, plain
from passerelle.words import LANGUAGES

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Company Size", "Job Title")
FRENCH = ("N° de fiche", "Prénom", "Société", "Adresse e-mail", "Effectif", "Fonction", "Pays")


def pairs(guesses: object) -> dict[str, tuple[str, str]]:
    return {guess.name: (guess.columns[0], guess.how.value) for guess in guesses.found}  # type: ignore[attr-defined]


def test_an_english_export_is_understood() -> None:
    found = guess_leads(HUBSPOT, fields=["email", "employees", "job_title", "country"])

    assert pairs(found) == {
        "lead": ("Record ID", "synonym"),
        "email": ("Email", "exact"),
        "employees": ("Company Size", "synonym"),
        "job_title": ("Job Title", "exact"),
    }
    assert found.absent == ("country",)
    assert found.unmapped == ("First Name", "Last Name")


def test_a_french_export_is_understood() -> None:
    found = guess_leads(
        ("Identifiant", *FRENCH[1:]),
        fields=["first_name", "company", "email", "employees", "job_title", "country"],
    )

    assert {name: how for name, (_, how) in pairs(found).items()} == dict.fromkeys(
        ["lead", "first_name", "company", "email", "employees", "job_title", "country"], "synonym"
    )


def test_a_slip_of_the_pen_is_found_by_likeness_but_never_for_the_key() -> None:
    found = guess_leads(("leed_id", "Emploiyees"), fields=["employees"])

    assert pairs(found) == {"employees": ("Emploiyees", "fuzzy")}
    assert "lead" in found.absent


def test_a_column_is_taken_once_and_the_better_name_wins() -> None:
    found = guess_leads(("id", "Lead Source", "source"), fields=["source", "campaign"])

    assert pairs(found)["source"] == ("source", "exact")
    assert found.unmapped == ("Lead Source",)


def test_an_address_may_be_key_and_field_at_once() -> None:
    found = guess_leads(("Email", "Company"), fields=["email", "company"])

    assert pairs(found)["lead"] == ("Email", "synonym")
    assert pairs(found)["email"] == ("Email", "exact")


def test_a_better_key_leaves_no_doubt_and_two_equals_do() -> None:
    clear = guess_leads(("Prospect ID", "Lead Number", "Email"), fields=[])
    doubtful = guess_leads(("Prospect ID", "Contact ID"), fields=[])

    assert clear.columns_of("lead") == ("Prospect ID",)
    assert (doubtful.columns_of("lead"), doubtful.rivals) == ((), ("Prospect ID", "Contact ID"))


def test_what_the_mapping_gives_comes_first_and_nothing_can_be_given() -> None:
    found = guess_leads(
        ("id", "Size", "Employees", "industry"),
        fields=["employees", "industry"],
        given={"employees": ("Size",), "industry": ()},
    )

    assert pairs(found)["employees"] == ("Size", How.GIVEN)
    assert found.absent == ("industry",)
    assert found.unmapped == ("Employees", "industry")


def test_segments_columns_come_in_pairs_and_properties_out_of_their_wrappers() -> None:
    columns = (
        "anonymousId", "userId", "type", "event", "messageId", "originalTimestamp", "timestamp",
        "receivedAt", "context.page.path", "properties.path", "properties.seconds",
    )  # fmt: skip

    found = guess_events(columns, properties=["path", "seconds"])

    assert found.columns_of("lead") == ("userId", "anonymousId")
    assert found.columns_of("event") == ("event", "type")
    assert found.columns_of("occurred_at") == ("timestamp", "originalTimestamp")
    assert found.columns_of("path") == ("properties.path",)
    assert found.columns_of("seconds") == ("properties.seconds",)
    assert found.columns_of("id") == ("messageId",)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("N° d'Employés", "no_d_employes"),
        ("userId", "user_id"),
        ("E-mail", "e_mail"),
        ("  Créé le ", "cree_le"),
    ],
)
def test_names_are_compared_without_case_accents_or_punctuation(name: str, read: str) -> None:
    assert plain(name) == read


def test_every_synonym_is_written_as_it_is_compared() -> None:
    names = [name for names in (*SYNONYMS.values(), *EVENT_COLUMNS.values()) for name in names]
    names += [name for tier in LEAD_KEYS for name in tier]

    assert [name for name in names if plain(name) != name] == []


def test_every_way_of_finding_is_said() -> None:
    for how in How:
        assert len({how.says(language) for language in LANGUAGES}) == len(LANGUAGES)
