"""The mapping file: what it changes, and what it is told when it is wrong."""

import contextlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from passerelle.files import FileProblem
from passerelle.files.mapping import Mapping, parse_mapping
from passerelle.files.mapping_faults import CODES, MappingFault
from passerelle.words import LANGUAGES
from passerelle.words import catalogue as words
from tests.files.desk import LEADS, Desk, problem_of


def faults_in(text: str) -> list[tuple[int, str, str]]:
    problem = problem_of(parse_mapping, text, path="mapping.yaml")
    return [(fault.line, fault.place, fault.code) for fault in problem.data["faults"]]


def test_the_mapping_names_columns_events_and_values(desk: Desk) -> None:
    leads = desk.put("leads.csv", "Code client;Taille;Secteur\nA;11-50;Banque\nB;Select;?\n")
    events = desk.put("events.csv", "qui;quoi;quand\nA;Page Viewed;2024-05-01\nB;x;2024-05-02\n")

    loaded = desk.read(
        leads,
        events,
        fields={"employees": "number", "industry": "text"},
        mapping="""
leads:
  lead: Code client
  employees: Taille
  industry: Secteur
events: {lead: qui, event: quoi, occurred_at: quand}
names: {Page Viewed: page}
values:
  employees: {11-50: 30}
  industry: {Banque: bank}
missing: [Select, "?"]
""",
    )

    assert desk.rows("lead, employees, industry") == [("A", 30.0, "bank"), ("B", None, None)]
    assert desk.rows("lead, event", "events") == [("A", "page"), ("B", "x")]
    assert loaded.rejected.total == 0


def test_an_empty_name_keeps_a_guess_from_being_made(desk: Desk) -> None:
    loaded = desk.read_leads(LEADS, mapping="leads: {email: }")

    assert loaded.mapping["leads"].absent == (
        "email",
        "job_title",
        "employees",
        "opt_in",
        "created_at",
    )
    assert desk.rows("email") == [(None,), (None,)]
    assert loaded.unmapped == ("email (2)",)


def test_several_columns_for_one_name_are_tried_in_turn(desk: Desk) -> None:
    desk.read_leads(
        "lead,work,home\na,,h@x.example\nb,w@x.example,\nc, ,\n",
        mapping="leads: {email: [work, home]}",
    )

    assert desk.rows("lead, email") == [("a", "h@x.example"), ("b", "w@x.example"), ("c", None)]


def test_a_name_that_the_agreement_does_not_know_is_kept_as_text_and_reported(desk: Desk) -> None:
    loaded = desk.read_leads("lead,Ville\na,Lyon\n", mapping="leads: {city: Ville}")

    assert loaded.unmapped == ("city",)
    assert desk.rows("city") == [("Lyon",)]


def test_delimiter_and_encoding_can_be_said(desk: Desk) -> None:
    content = "lead|job_title\na|Gérant;directeur\n".encode("mac-roman")

    desk.read_leads(content, mapping="delimiter: pipe\nencoding: mac-roman")

    assert desk.rows("job_title") == [("Gérant;directeur",)]


def test_yes_no_numbers_and_dates_of_yaml_stay_the_texts_they_are() -> None:
    mapping = parse_mapping("names: {yes: page, 2024-01-01: no, 1e3: 0x1}", path="mapping.yaml")

    assert mapping.names == {"yes": "page", "2024-01-01": "no", "1e3": "0x1"}


def test_every_fault_is_told_at_once_with_its_line() -> None:
    text = """leads:
  lead: Id
  lead: Code
evnts: {}
counters:
  visits: {evnt: page}
timezone: Paris/Europe
dates: day
encoding: klingon
missing: {a: b}
names: [page]
delimiter: "#"
"""

    assert faults_in(text) == [
        (3, "leads.lead", "duplicate_key"),
        (4, "evnts", "unknown_key"),
        (6, "counters.visits", "missing_key"),
        (6, "counters.visits.evnt", "unknown_key"),
        (7, "timezone", "unknown_timezone"),
        (8, "dates", "not_one_of"),
        (9, "encoding", "unknown_encoding"),
        (10, "missing", "not_a_list"),
        (11, "names", "not_a_table"),
        (12, "delimiter", "not_one_of"),
    ]


def test_an_unknown_key_is_answered_with_the_nearest_known_one() -> None:
    problem = problem_of(parse_mapping, "timezon: Europe/Paris", path="mapping.yaml")

    assert "`timezon` is unknown; write one of: timezone." in problem.says("en")
    assert "ligne 1" in problem.says("fr")


@pytest.mark.parametrize(
    "text",
    ["leads: [", "a: b: c", "- x", "just text", "a: &a [*a]", "\tx: 1", "? {a: b}\n: c", "\x01"],
)
def test_what_is_no_mapping_at_all_is_told_too(text: str) -> None:
    assert faults_in(text)


def test_an_empty_file_says_nothing() -> None:
    assert parse_mapping("# later\n", path="mapping.yaml") == Mapping()


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
DOCUMENTS = st.dictionaries(
    st.sampled_from([*Mapping.model_fields, "other"]),
    st.recursive(
        LEAVES,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)


@given(DOCUMENTS)
def test_no_document_is_answered_with_anything_but_a_mapping_or_its_faults(
    document: dict[str, object],
) -> None:
    text = yaml.safe_dump(document, allow_unicode=True)

    with contextlib.suppress(FileProblem):
        parse_mapping(text, path="mapping.yaml")


@pytest.mark.parametrize("code", [*CODES.values(), "duplicate_key", "bad_yaml"])
def test_every_fault_is_said(code: str) -> None:
    fault = MappingFault(3, "leads", code, "found", "known")

    for language in LANGUAGES:
        assert "3" in fault.says(language)
        assert set(words("files", language)["mapping"]) == {
            *CODES.values(),
            "duplicate_key",
            "bad_yaml",
        }
