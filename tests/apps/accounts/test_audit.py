"""The trail: filtered, paged, exported, never changed."""

import ast
from collections.abc import Iterator
from datetime import timedelta

import pytest

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.accounts.trail import record_deed
from tests.apps.accounts.desk import NOW, a_user, an_administrator, page, signed_in
from tests.outside import CHECKOUT
from tests.words.sentences import sentences


def test_the_newest_deeds_come_first_and_older_ones_on_the_next_page() -> None:
    administrator = an_administrator(language="en")
    for n in range(60):
        record_deed(administrator, "lead.merged", subject=f"lead:{n:03}", now=NOW)
    client = signed_in(administrator)

    first = page(client.get("/settings/audit/"))
    query = first.split('class="button" href="?')[1].split('"')[0].replace("&amp;", "&")
    second = page(client.get(f"/settings/audit/?{query}"))

    assert "lead:059" in first
    assert "lead:009" not in first
    assert "lead:009" in second
    assert "lead:010" not in second


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=lead", {"a", "b"}),
        ("action=lead.merged", {"a"}),
        ("subject=lead:b", {"b"}),
        ("since=2026-11-24", {"c"}),
        ("until=2026-11-23", {"a", "b"}),
        ("since=nonsense", {"a", "b", "c"}),
        ("before=nonsense", {"a", "b", "c"}),
    ],
)
def test_the_trail_is_filtered(query: str, found: set[str]) -> None:
    administrator = an_administrator()
    record_deed(None, "lead.merged", subject="lead:a", now=NOW)
    record_deed(administrator, "lead.moved", subject="lead:b", now=NOW)
    record_deed(administrator, "source.made", subject="source:c", now=NOW + timedelta(days=1))

    text = page(signed_in(administrator).get(f"/settings/audit/?{query}"))

    assert {n for n in "abc" if f"lead:{n}<" in text or f"source:{n}<" in text} == found


def test_the_trail_is_filtered_by_who_did_it() -> None:
    administrator, ada = an_administrator(), a_user(name="Ada")
    record_deed(ada, "lead.merged", subject="lead:a", now=NOW)
    record_deed(administrator, "lead.merged", subject="lead:b", now=NOW)

    text = page(signed_in(administrator).get(f"/settings/audit/?user={ada.pk}"))

    assert "lead:a" in text
    assert "lead:b" not in text


def test_a_user_who_is_a_subject_is_shown_by_name() -> None:
    administrator, ada = an_administrator(), a_user(name="Ada Lovelace")
    record_deed(administrator, "user.changed", subject=f"user:{ada.pk}", now=NOW)

    assert "<td>Ada Lovelace</td>" in page(signed_in(administrator).get("/settings/audit/"))


def test_the_export_holds_what_was_filtered_and_is_itself_written_down() -> None:
    manager = a_user(Role.MANAGER)
    record_deed(manager, "lead.merged", subject="=cmd()", details={"n": 1}, now=NOW)
    record_deed(manager, "source.made", now=NOW)

    response = signed_in(manager).get("/settings/audit/audit.csv?action=lead")
    lines = b"".join(response).decode().splitlines()

    assert lines[0] == "id,at,user,action,subject,details"
    assert len(lines) == 2
    assert "'=cmd()" in lines[1]
    assert AuditEntry.objects.filter(action="audit.exported", user=manager).exists()


def test_an_empty_trail_says_so_in_both_languages() -> None:
    for language, words in (("fr", "Rien ici"), ("en", "Nothing here")):
        client = signed_in(an_administrator(language=language))

        assert words in page(client.get("/settings/audit/"))


def test_every_deed_that_the_source_writes_down_has_words() -> None:
    known = sentences("en")

    missing = [deed for deed in _deeds() if f"accounts.deed.{deed}" not in known]

    assert missing == []


def _deeds() -> Iterator[str]:
    """The codes that are handed to `record_deed` as they stand."""
    for path in (CHECKOUT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="record_deed"), args=[_, ast.Constant(value=deed)]):
                    yield str(deed)
