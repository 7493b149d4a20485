"""The page says everything, fetches nothing, and keeps whatever it is told harmless."""

import re
from pathlib import Path
from typing import Any

import pytest

from passerelle import files
from passerelle.core.history import Lead
from passerelle.relations.duck import connect, score_all
from passerelle.relations.tables import field_types, property_types
from passerelle.report.writing import write_report
from passerelle.words import LANGUAGES, Language
from tests.report.office import (
    DOCUMENT,
    NOW,
    SOME,
    Page,
    a_lead,
    an_agreement,
    an_event,
    an_office,
    read_page,
)

SECTIONS = {"stages", "scores", "leads", "rules", "fields", "events", "basis", "reading"}


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    return an_office().page(tmp_path_factory.mktemp("report") / "r.html", language=request.param)


def test_the_page_has_every_section_in_its_language(page: Page) -> None:
    language = page.of("html")[0]["lang"]

    assert {one["id"] for one in page.of("section") if "id" in one} == SECTIONS
    assert {"fr": "Où en sont les leads", "en": "Where leads stand"}[language] in page.text
    assert {"fr": "Ann Lee", "en": "Ann Lee"}[language] in page.text
    assert "{" not in page.text


def test_the_page_has_no_script_and_asks_for_nothing(page: Page) -> None:
    policy = next(one for one in page.of("meta") if "http-equiv" in one)

    assert policy["content"].startswith("default-src 'none'")
    assert not page.tags() & {"script", "img", "iframe", "object", "embed", "form", "base", "use"}
    links = [one.get("href", "") for name in ("a", "link") for one in page.of(name)]
    assert all(link.startswith(("#", "data:,")) for link in links)
    assert not re.findall(r"url\((?!#)", page.source)
    assert "@import" not in page.source


def test_every_link_leads_to_a_place_on_the_page(page: Page) -> None:
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}

    assert {link["href"][1:] for link in page.of("a")} <= ids


def test_every_plot_says_what_it_shows_and_has_its_numbers_behind_it(page: Page) -> None:
    order = [
        attributes["class"] if tag == "details" else tag
        for tag, attributes in page.elements
        if tag == "figure" or (tag == "details" and attributes.get("class") == "numbers")
    ]

    assert order.count("figure") == 6
    assert all(order[n + 1] == "numbers" for n, tag in enumerate(order) if tag == "figure")
    assert all(one["aria-label"] for one in page.of("figure"))


def test_no_id_stands_twice(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]

    assert len(ids) == len(set(ids))


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><svg onload=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "\u202egnp.exe",
    "`</code><b>`",
    "é😀 שלום 日本",
    "x" * 5000,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_values_are_inert(tmp_path: Path, language: Language) -> None:
    leads = [
        a_lead(
            f"{n} {text}",
            an_event("page", days=1, path=text),
            an_event(text, days=2),
            *(an_event("page", days=n, path="/pricing") for n in range(3)),
            first_name=text,
            company=text,
            email=text,
            job_title=text,
            industry=text,
            employees=100,
        )
        for n, text in enumerate(HOSTILE)
    ]
    signed = [{"team": "sales", "name": HOSTILE[0], "on": "2026-01-01"}]
    stages = {"mql": {"label": HOSTILE[1], "when": {"total": ">=20"}}}
    rules = [*DOCUMENT["rules"][1:], {**DOCUMENT["rules"][0], "title": HOSTILE[0]}]
    agreement = an_agreement(
        title=HOSTILE[2],
        stages=stages,
        signatures=signed,
        rules=rules,
        fast_tracks=[{**DOCUMENT["fast_tracks"][0], "title": HOSTILE[0]}],
    )
    office = an_office(leads, agreement=agreement)
    office.connection.execute("ALTER TABLE leads ADD COLUMN \"<script>'x`\" VARCHAR DEFAULT '<b>'")

    page = office.page(tmp_path / "r.html", language=language)

    assert not page.tags() & {"script", "img", "iframe", "b onload"}
    assert not [n for _, attributes in page.elements for n in attributes if n.startswith("on")]
    assert {one.get("class", "") for one in page.of("svg")} == {"mark", "plot"}
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "\u202e" not in page.source
    assert "x" * 200 not in page.source
    assert "שלום" in page.text


def _nobody() -> tuple[dict[str, Any], list[Lead]]:
    return {}, []


def _one() -> tuple[dict[str, Any], list[Lead]]:
    return {}, [SOME[0]]


def _no_events() -> tuple[dict[str, Any], list[Lead]]:
    return {}, [a_lead("ann", employees=100), a_lead("bob")]


def _no_grades() -> tuple[dict[str, Any], list[Lead]]:
    return {"grades": None}, list(SOME)


def _one_grade() -> tuple[dict[str, Any], list[Lead]]:
    return {"grades": {"fit": {"A": 50, "B": 0}}}, list(SOME)


def _all_disqualified() -> tuple[dict[str, Any], list[Lead]]:
    return {}, [a_lead(key, email=f"{key}@rival.example") for key in ("ann", "bob")]


def _no_content_no_tracks() -> tuple[dict[str, Any], list[Lead]]:
    rules = [rule for rule in DOCUMENT["rules"] if rule["key"] != "pricing"]
    return {"content": None, "fast_tracks": None, "disqualify": None, "rules": rules}, list(SOME)


def _all_the_same() -> tuple[dict[str, Any], list[Lead]]:
    return {}, [a_lead(f"lead{n}") for n in range(7)]


def _negative_and_wide() -> tuple[dict[str, Any], list[Lead]]:
    dimensions = {"fit": {"range": [-1000, 1000]}, "engagement": {"range": [-1000, 1000]}}
    total = {"sum": ["fit", "engagement"], "range": [-2000, 2000]}
    left = a_lead("off", *(an_event("email_unsubscribed", days=n) for n in range(30)))
    return {"dimensions": dimensions, "total": total, "grades": None}, [*SOME, left]


@pytest.mark.parametrize(
    "case",
    [
        _nobody,
        _one,
        _no_events,
        _no_grades,
        _one_grade,
        _all_disqualified,
        _no_content_no_tracks,
        _all_the_same,
        _negative_and_wide,
    ],
)
def test_whatever_there_is_or_is_not_makes_a_page(tmp_path: Path, case: Any) -> None:
    parts, leads = case()
    office = an_office(leads, agreement=an_agreement(**parts))

    pages = [office.page(tmp_path / f"{one}.html", language=one) for one in LANGUAGES]

    for page in pages:
        sections = {one["id"] for one in page.of("section") if "id" in one}
        assert sections == (SECTIONS if leads else {"stages", "events", "basis", "reading"})
        assert "None" not in page.text
        assert "nan" not in page.text.lower().split()


def test_without_a_place_for_leads_the_others_are_shown(tmp_path: Path) -> None:
    page = an_office().page(tmp_path / "r.html", top=0)

    assert "Ann Lee" not in page.text
    assert page.of("figure")


def test_what_was_left_out_while_reading_is_told(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(
        "lead,employees,shoe size\nann,100,38\nann,100,38\nbob,many,40\n", "utf-8"
    )
    agreement, connection = an_agreement(), connect(threads=1)
    loaded = files.load(
        connection,
        leads=[str(tmp_path / "leads.csv")],
        fields=field_types(agreement),
        properties=property_types(agreement),
        as_of=NOW,
    )
    score_all(connection, agreement, as_of=NOW).create("scored")

    write_report(
        connection,
        agreement,
        scored="scored",
        path=tmp_path / "r.html",
        language="en",
        as_of=NOW,
        loaded=loaded,
    )

    page = read_page(tmp_path / "r.html")
    for count in loaded.rejected.counts:
        assert count.reason.says("en").replace("`", "") in page.text
    assert "unknown, kept" in page.text
    assert "Nobody has signed this version yet." in page.text


def test_a_report_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    office = an_office(SOME[:1])

    with pytest.raises(FileNotFoundError):
        office.page(tmp_path / "nowhere" / "r.html")

    assert list(tmp_path.iterdir()) == []


def test_an_instant_without_a_zone_is_refused(tmp_path: Path) -> None:
    office = an_office(SOME[:1])

    with pytest.raises(ValueError, match="time zone"):
        write_report(
            office.connection,
            office.agreement,
            scored="scored",
            path=tmp_path / "r.html",
            language="en",
            as_of=NOW.replace(tzinfo=None),
        )


def test_the_same_scores_make_the_same_page(tmp_path: Path) -> None:
    office = an_office()

    pages = [office.page(tmp_path / f"{n}.html").source for n in range(2)]

    assert pages[0] == pages[1]
