"""The agreement's pages: read it, compare versions, publish another."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from passerelle.apps.accounts.models import Role
from passerelle.apps.scoring.models import PublishedAgreement
from passerelle.apps.scoring.queries import current_agreement
from tests.apps.scoring.builders import DAY, NOW, a_text, a_user, published

pytestmark = pytest.mark.django_db

PAGES = ("agreement", "versions", "publish")


def signed_in(role: Role = Role.MANAGER, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(a_user(role, language=language))
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"scoring:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_without_an_agreement_the_gallery_is_where_to_begin() -> None:
    client = signed_in()

    text = page(client, "agreement")

    assert "There is no agreement yet" in text
    assert "?from=plezi" in text
    form = client.get(reverse("scoring:publish"), {"from": "plezi"}).content.decode()
    assert "passerelle: 1" in form


def test_who_may_not_publish_is_told_to_wait() -> None:
    text = page(signed_in(Role.SDR), "agreement")

    assert "Somebody who may publish" in text
    assert "?from=" not in text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "What marketing and sales agreed on"), ("fr", "Ce dont le marketing et les ventes")],
)
def test_the_agreement_in_force_is_read_in_sentences(language: str, sentence: str) -> None:
    published(a_user(name="Ines Martin"))

    text = page(signed_in(Role.SDR, language), "agreement")

    assert sentence in text
    assert "Ines Martin" in text
    assert "MQL" in text


def test_versions_tell_who_published_what_and_what_changed() -> None:
    first = published(a_user(name="Ines Martin"), at=NOW - DAY)
    second = published(a_user(name="Leo Roux"), at=NOW, stages={"mql": {"when": {"total": ">=70"}}})
    client = signed_in(Role.SDR)

    table = page(client, "versions")
    compared = page(client, "version", second.pk)

    assert table.index(second.version) < table.index(first.version)
    assert "Leo Roux" in table
    assert "changes" in table
    assert f"What changed with version {first.version}" in compared
    assert "70" in compared


def test_a_version_is_downloaded_as_it_was_written() -> None:
    version = published()

    answer = signed_in().get(reverse("scoring:download", args=[version.pk]))

    assert answer.content.decode() == version.text
    assert version.version in answer["Content-Disposition"]


def test_publishing_shows_what_changes_before_anything_does() -> None:
    first = published(at=NOW - DAY)
    client, text = signed_in(), a_text(stages={"mql": {"when": {"total": ">=70"}}})

    shown = client.post(reverse("scoring:publish"), {"text": text}).content.decode()
    before = PublishedAgreement.objects.count()
    done = client.post(
        reverse("scoring:publish"),
        {"text": text, "confirm": "1", "against": str(first.pk)},
        follow=True,
    )

    assert "What changes" in shown
    assert "70" in shown
    assert before == 1
    assert PublishedAgreement.objects.count() == 2
    assert "is in force" in done.content.decode()


def test_a_file_goes_before_the_field() -> None:
    client = signed_in()
    file = SimpleUploadedFile("new.yaml", a_text(title="From a file").encode())

    shown = client.post(reverse("scoring:publish"), {"text": "nonsense", "file": file})

    assert "From a file" in shown.content.decode()


def test_faults_are_shown_at_their_lines_and_nothing_is_published() -> None:
    text = a_text(timezone="Europe/Atlantis") + "colour: red\n"

    answer = signed_in().post(reverse("scoring:publish"), {"text": text, "confirm": "1"})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "2 things are wrong" in shown
    assert "Atlantis" in shown
    assert f'id="line-{len(text.splitlines())}"' in shown
    assert not PublishedAgreement.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": "  "}, "There is nothing to check"),
        ({"file": SimpleUploadedFile("x.yaml", b"\xff\xfe\x00")}, "no text in UTF-8"),
        ({"text": "x" * 1_000_001}, "larger than any agreement"),
    ],
)
def test_what_is_no_text_is_refused_in_words(given: dict[str, object], sentence: str) -> None:
    answer = signed_in().post(reverse("scoring:publish"), given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_text_is_escaped_wherever_it_is_shown() -> None:
    text = a_text(title="<script>alert(1)</script>")

    shown = signed_in().post(reverse("scoring:publish"), {"text": text}).content.decode()

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_another_version_meanwhile_is_looked_at_again() -> None:
    first = published(at=NOW - DAY)
    published(at=NOW, title="By somebody else")
    form = {"text": a_text(title="Mine"), "confirm": "1", "against": str(first.pk)}

    shown = signed_in().post(reverse("scoring:publish"), form).content.decode()

    current = current_agreement()
    assert current is not None
    assert current[1].title == "By somebody else"
    assert "meanwhile" in shown


def test_signatures_are_published_as_such() -> None:
    first = published(at=NOW - DAY)
    text = a_text(signatures=[{"team": "sales", "name": "Dana", "on": "2024-06-01"}])
    client = signed_in()

    shown = client.post(reverse("scoring:publish"), {"text": text}).content.decode()
    form = {"text": text, "confirm": "1", "against": str(first.pk)}
    client.post(reverse("scoring:publish"), form)

    assert "Sign it" in shown
    assert "Dana" in page(client, "versions")
    assert PublishedAgreement.objects.count() == 1


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_sent_to_sign_in(name: str) -> None:
    answer = Client().get(reverse(f"scoring:{name}"))

    assert answer.status_code == 302


@pytest.mark.parametrize("role", [Role.SDR, Role.EXECUTIVE, Role.MARKETING])
def test_publishing_is_for_those_who_may(role: Role) -> None:
    assert signed_in(role).get(reverse("scoring:publish")).status_code == 403
    assert signed_in(role).post(reverse("scoring:publish"), {"text": "x"}).status_code == 403


def test_what_does_not_exist_is_not_found() -> None:
    client = signed_in()

    assert client.get(reverse("scoring:version", args=[99])).status_code == 404
    assert client.get(reverse("scoring:publish"), {"from": "../secret"}).status_code == 404
