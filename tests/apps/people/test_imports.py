"""Files of prospects on their way in, and out again."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from passerelle.apps.accounts.models import AuditEntry, Role, User
from passerelle.apps.capture.models import Event
from passerelle.apps.people import import_steps, imports
from passerelle.apps.people.import_files import LARGEST_FILE, Unreadable, columns_of, read_rows
from passerelle.apps.people.impossible import CannotBeDone, Impossible
from passerelle.apps.people.models import Import, ImportChunk, ImportReject, Lead
from passerelle.apps.people.worker import work
from tests.apps.people.builders import (
    NOW,
    a_user,
    an_event,
    everything,
    finish,
    identify,
    take_in,
    the_lead,
)

pytestmark = pytest.mark.django_db

FILE = """E-mail;Prénom;Nom;Société;Effectif;Salon
lea@roy.example;Léa;Roy;Roy SA;1 200;Lyon
tom@bay.example;Tom;Bay;Bay;a few;Lyon

not an address;X;Y;Z;1;Lyon
lea@roy.example;Again;Roy;Roy SA;3;Lyon
;No;Body;;;
test@test.com;Test;Test;Test;1;Lyon
""".encode()


@pytest.fixture
def by() -> User:
    return a_user()


@pytest.fixture
def browser(by: User) -> Client:
    client = Client()
    client.force_login(by)
    return client


def a_file_of(n: int) -> bytes:
    rows = "".join(f"p{i}@firm{i % 7}.example,Name {i}\n" for i in range(n))
    return f"email,name\n{rows}".encode()


def a_checked_import(by: User, data: bytes = FILE, name: str = "fair.csv") -> Import:
    begun = imports.begin_import(by, name, data, now=NOW)
    imports.map_columns(by, begun, begun.mapping, now=NOW)
    finish()
    begun.refresh_from_db()
    return begun


def test_columns_are_guessed_in_french_and_kept_under_their_own_name_if_unknown() -> None:
    columns = {column.name: column.guess for column in columns_of(FILE, name="fair.csv")}

    assert columns == {
        "E-mail": "email",
        "Prénom": "first_name",
        "Nom": "last_name",
        "Société": "company",
        "Effectif": "employees",
        "Salon": "salon",
    }


def test_a_file_is_read_and_nothing_is_written_before_somebody_says_so(by: User) -> None:
    begun = a_checked_import(by)

    assert begun.state == "ready"
    assert (begun.rows, begun.accepted, begun.known, begun.rejected) == (6, 2, 0, 4)
    assert begun.examples[0]["fields"]["employees"] == 1200
    faults = ImportReject.objects.order_by("line").values_list("line", "reason")
    assert list(faults) == [
        (3, "bad_number"),
        (5, "bad_email"),
        (6, "repeated"),
        (7, "no_name"),
        (8, "junk"),
    ]
    assert not Lead.objects.exists()
    assert not Event.objects.exists()


def test_confirmed_rows_become_prospects_with_fields_and_companies(by: User) -> None:
    begun = a_checked_import(by)

    imports.confirm_import(by, begun, now=NOW)
    finish()

    begun.refresh_from_db()
    assert (begun.state, begun.done) == ("done", 2)
    lead = the_lead("email", "lea@roy.example")
    assert (lead.name, lead.is_prospect, lead.last_seen_at) == ("Léa Roy", True, None)
    assert lead.fields["salon"] == "Lyon"
    assert lead.company is not None
    assert (lead.company.name, lead.company.domain) == ("Roy SA", "roy.example")
    assert begun.file is None


def test_an_import_undone_leaves_everything_as_if_it_never_was(by: User) -> None:
    take_in(
        identify(1, email="lea@roy.example", firstName="Léa", title="CEO"),
        an_event(2, email="lea@roy.example", device="d1"),
    )
    before = everything()
    begun = a_checked_import(by)
    assert begun.known == 1
    imports.confirm_import(by, begun, now=NOW)
    finish()
    assert the_lead("email", "lea@roy.example").fields["employees"] == 1200

    imports.undo_import(by, begun, now=NOW)
    finish()

    begun.refresh_from_db()
    assert begun.state == "undone"
    assert everything() == before
    assert {e.action for e in AuditEntry.objects.all()} == {
        "import.begun",
        "import.mapped",
        "import.confirmed",
        "import.undone",
    }


def test_who_showed_interest_meanwhile_stays_when_the_import_is_undone(by: User) -> None:
    begun = a_checked_import(by)
    imports.confirm_import(by, begun, now=NOW)
    finish()
    take_in(an_event(9999, "track", email="tom@bay.example", device="d1", name="form_submitted"))

    imports.undo_import(by, begun, now=NOW)
    finish()

    tom = the_lead("email", "tom@bay.example")
    assert (tom.name, tom.is_prospect) == ("", False)
    assert the_lead("device", "d1") == tom
    assert Lead.objects.count() == 1


def test_an_import_killed_half_way_goes_on_and_writes_each_row_once(
    by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_steps, "CHUNK", 10)
    begun = a_checked_import(by, a_file_of(35), "list.csv")
    imports.confirm_import(by, begun, now=NOW)
    second = ImportChunk.objects.get(number=1).rows
    import_steps.step(NOW)
    import_steps.step(NOW)

    # the log has the rows of a chunk whose end was not noted: worse than any kill can make it
    ImportChunk.objects.filter(number=1).update(done_at=None, rows=second)
    finish()

    begun.refresh_from_db()
    assert begun.state == "done"
    assert Event.objects.count() == Lead.objects.count() == 35


def test_an_import_can_be_undone_while_it_is_running(
    by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_steps, "CHUNK", 10)
    begun = a_checked_import(by, a_file_of(35), "list.csv")
    imports.confirm_import(by, begun, now=NOW)
    import_steps.step(NOW)

    imports.undo_import(by, begun, now=NOW)
    finish()

    assert not Lead.objects.exists()


def test_a_step_is_bounded(by: User) -> None:
    begun = a_checked_import(by, a_file_of(1000), "list.csv")
    imports.confirm_import(by, begun, now=NOW)

    assert work(NOW) == import_steps.CHUNK


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 xl/ [Content_Types].xml", "spreadsheet"),
        (b"<!doctype html><html></html>", "web page"),
        (b"lea@roy.example,L\xe9a\n", "names of columns"),
        (b'{"email": "lea@roy.example"}\n', "no CSV"),
    ],
)
def test_a_file_that_cannot_be_right_is_told_by_its_name(by: User, data: bytes, said: str) -> None:
    with pytest.raises((Unreadable, CannotBeDone)) as refused:
        imports.begin_import(by, "fair.csv", data, now=NOW)

    assert isinstance(refused.value, Unreadable | CannotBeDone)
    words = refused.value.says("en")
    assert "fair.csv" in words
    assert "/tmp" not in words
    assert said in words
    assert not Import.objects.exists()


def test_other_encodings_and_separators_are_read() -> None:
    data = "Courriel\tNom complet\nlea@roy.example\tLéa\n".encode("utf-16")

    read = read_rows(data, name="x", mapping={"Courriel": "email", "Nom complet": "name"})

    assert read.rows == [(2, {"email": "lea@roy.example", "name": "Léa"})]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"E-mail": ""}, Impossible.NO_NAME_COLUMN),
        ({"E-mail": "email", "Nom": "email"}, Impossible.TWO_COLUMNS),
    ],
)
def test_a_mapping_that_cannot_be_right_is_refused(
    by: User, mapping: dict[str, str], code: Impossible
) -> None:
    begun = imports.begin_import(by, "fair.csv", FILE, now=NOW)

    with pytest.raises(CannotBeDone) as refused:
        imports.map_columns(by, begun, mapping, now=NOW)

    assert refused.value.code is code


def test_somebody_imports_and_takes_back_on_the_pages(browser: Client) -> None:
    upload = SimpleUploadedFile("fair.csv", FILE, "text/csv")

    page = browser.post(reverse("people:imports"), {"file": upload}, follow=True)
    begun = Import.objects.get()
    address = reverse("people:import", args=[begun.key])
    assert "Salon" in page.content.decode()

    fields = {f"column-{n}": column["guess"] for n, column in enumerate(begun.columns)}
    page = browser.post(address, {**fields, "column-5": ""}, follow=True)
    assert 'hx-trigger="every 1s"' in page.content.decode()
    finish()
    assert (
        "Import 2 rows" in browser.get(address, headers={"accept-language": "en"}).content.decode()
    )
    browser.post(reverse("people:confirm_import", args=[begun.key]))
    finish()
    assert the_lead("email", "lea@roy.example").fields.get("salon") is None
    browser.post(reverse("people:undo_import", args=[begun.key]))
    finish()

    assert not Lead.objects.exists()
    assert browser.get(reverse("people:imports")).status_code == 200
    assert browser.get(address).status_code == 200


def test_rejects_are_downloaded_with_no_cell_a_formula(browser: Client, by: User) -> None:
    begun = a_checked_import(by, b"email,name\n=cmd@x,Evil\nlea@roy.example,L\xc3\xa9a\n")

    answer = browser.get(reverse("people:import_rejects", args=[begun.key]))

    rows = list(csv.reader(io.StringIO(answer.getvalue().decode())))
    assert rows[1][:3] == ["2", "email", "'=cmd@x"]
    assert rows[1][3]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_wrong_upload_is_told_on_the_page_in_both_languages(
    browser: Client, by: User, language: str
) -> None:
    User.objects.filter(pk=by.pk).update(language=language)
    large = SimpleUploadedFile("large.csv", b"x" * (LARGEST_FILE + 1), "text/csv")

    for sent in ({}, {"file": large}, {"file": SimpleUploadedFile("a.csv", b"")}):
        answer = browser.post(reverse("people:imports"), sent)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()


def test_a_file_that_was_not_imported_is_thrown_away_and_an_imported_one_is_not(
    browser: Client, by: User
) -> None:
    kept, thrown = a_checked_import(by), a_checked_import(by, a_file_of(2))
    imports.confirm_import(by, kept, now=NOW)
    finish()

    for row in (kept, thrown):
        browser.post(reverse("people:discard_import", args=[row.key]))

    assert list(Import.objects.all()) == [kept]


@pytest.mark.parametrize("role", [Role.SDR, Role.EXECUTIVE])
def test_sales_do_not_import(role: Role, by: User) -> None:
    begun = a_checked_import(by)
    client = Client()
    client.force_login(a_user(role, "sam@firm.example"))

    assert client.get(reverse("people:imports")).status_code == 403
    assert client.post(reverse("people:confirm_import", args=[begun.key])).status_code == 403


def test_once_written_an_import_holds_nothing_of_anybody_but_in_the_log(by: User) -> None:
    begun = a_checked_import(by)
    imports.confirm_import(by, begun, now=NOW)
    finish()

    begun.refresh_from_db()
    assert "roy" not in str(ImportChunk.objects.values_list("rows", flat=True))
    assert (begun.file, begun.examples) == (None, [])


def test_files_that_nobody_confirmed_go_after_a_month(by: User) -> None:
    a_checked_import(by)
    done = a_checked_import(by)
    imports.confirm_import(by, done, now=NOW)
    finish()

    finish(NOW + imports.KEPT + timedelta(days=1))

    assert list(Import.objects.all()) == [done]
    assert not ImportReject.objects.exists()


def test_a_bug_stops_one_import_and_not_the_worker(by: User) -> None:
    begun = a_checked_import(by)
    imports.confirm_import(by, begun, now=NOW)
    ImportChunk.objects.filter(of=begun).update(rows=[["not", "rows"]])

    finish()

    begun.refresh_from_db()
    assert begun.state == "stopped"
    imports.undo_import(by, begun, now=NOW)
    finish()
    begun.refresh_from_db()
    assert begun.state == "undone"
