"""The sources' pages: what they show, what may be done on them, and by whom."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.capture.actions import Name, record_drops
from passerelle.apps.capture.drops import DropReason, Tally
from passerelle.apps.capture.models import EventKind, Robot, Source
from passerelle.apps.capture.overview import source_lines
from passerelle.apps.capture.queries import usable_keys
from tests.apps.capture.sources_desk import a_source, an_event, happened, just_now, signed_in

pytestmark = pytest.mark.django_db


def text_of(client: Client, url: str, /, **query: str) -> str:
    """What a page says, without its marks."""
    answer = client.get(url, query)
    assert answer.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"[ \n]+", " ", unescape(plain))


def test_without_a_source_the_page_says_how_to_begin() -> None:
    reader = signed_in()

    page = text_of(reader, "/sources/")

    assert "Nothing sends events yet" in page
    assert "New source" in page


def test_a_new_source_leads_to_the_code_with_its_key_and_is_audited() -> None:
    reader = signed_in()

    answer = reader.post(
        "/sources/-/new/", {"name": "Web site", "origins": "www.firm.example/blog"}, follow=True
    )

    source = Source.objects.get()
    [key] = usable_keys(source)
    assert answer.redirect_chain == [(f"/sources/{source.key}/", 302)]
    assert f'data-write-key="{key.key}"' in unescape(answer.content.decode())
    assert "Nothing has come in yet" in answer.content.decode()
    assert source.origins == ["https://www.firm.example"]
    assert AuditEntry.objects.get().action == "source.created"


@pytest.mark.parametrize(
    ("name", "origins", "said"),
    [
        ("", "", "errorlist"),
        ("x" * 121, "", "errorlist"),
        ("Site", "not a site", "“not a site” is no address of a site"),
        ("Site", "ftp://firm.example", "is no address of a site"),
        ("Site", "\n".join(f"https://s{n}.example" for n in range(51)), "50 sites at most"),
    ],
)
def test_a_form_that_cannot_be_read_says_so_and_changes_nothing(
    name: str, origins: str, said: str
) -> None:
    reader = signed_in()

    answer = reader.post("/sources/-/new/", {"name": name, "origins": origins})

    assert answer.status_code == 422
    assert said in unescape(answer.content.decode())
    assert not Source.objects.exists()


@pytest.mark.parametrize("name", ["new", "events", "-", "日本"])
def test_any_name_gives_a_source_that_can_be_opened(name: str) -> None:
    reader = signed_in()

    answer = reader.post("/sources/-/new/", {"name": name}, follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain[0][0] == f"/sources/{Source.objects.get().key}/"


def test_the_list_says_when_each_source_was_last_heard_and_what_came_today() -> None:
    site = a_source()
    a_source("Silent portal")
    happened(an_event(site), an_event(site), an_event(site, robot=Robot.BOT))
    tally = Tally(count=3, samples=["32769 bytes"])
    record_drops({(site.pk, DropReason.TOO_LARGE): tally}, now=just_now())
    record_drops({(None, DropReason.BAD_KEY): Tally(count=1)}, now=just_now())

    page = text_of(signed_in(), "/sources/")
    silent, heard = source_lines(list(Source.objects.order_by("name")), now=just_now())

    assert (heard.events, heard.robots, heard.dropped, heard.live) == (3, 1, 3, True)
    assert (silent.events, silent.last_at, silent.live) == (0, None, False)
    assert "Silent portal" in page
    assert "never" in page
    assert "1 event came today with no key that we know" in page


@pytest.mark.parametrize(
    "client",
    ["passerelle", "segment", "rudderstack", "jitsu", "posthog", "node", "python", "curl"],
)
def test_each_clients_code_has_the_key_and_our_address(client: str) -> None:
    source = a_source()
    [key] = usable_keys(source)

    page = text_of(signed_in(), f"/sources/{source.key}/", client=client)

    assert key.key in page
    assert "http://testserver" in page


def test_the_trackers_code_says_the_chosen_mode_of_consent() -> None:
    source = a_source()

    page = text_of(signed_in(), f"/sources/{source.key}/", consent="cookieless")
    wrong = signed_in().get(f"/sources/{source.key}/", {"consent": "whatever"})

    assert 'data-consent="cookieless"' in page
    assert wrong.status_code == 404


def test_the_last_event_shows_by_itself_once_it_is_there() -> None:
    source = a_source()
    reader = signed_in()
    before = reader.get(f"/sources/{source.key}/last-event/").content.decode()

    happened(an_event(source, "demo_requested"))
    after = reader.get(f"/sources/{source.key}/last-event/").content.decode()

    assert "Nothing has come in yet" in before
    assert 'hx-trigger="every 3s"' in before
    assert "Last event seen" in after
    assert "demo_requested" in after
    assert "<html" not in after


def test_a_key_is_changed_by_a_new_one_beside_the_old_and_revoking_that() -> None:
    source = a_source()
    reader = signed_in()
    [old] = usable_keys(source)

    reader.post(f"/sources/{source.key}/keys/")
    both = {key.key for key in usable_keys(source)}
    answer = reader.post(f"/sources/{source.key}/keys/{old.pk}/revoke/", follow=True)

    assert len(both) == 2
    assert [key.key for key in usable_keys(source)] == list(both - {old.key})
    assert old.key not in answer.content.decode()
    deeds = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(deeds) == ["source.created", "source.key_made", "source.key_revoked"]


def test_a_source_has_five_keys_at_most() -> None:
    source = a_source()
    reader = signed_in()

    for _ in range(5):
        reader.post(f"/sources/{source.key}/keys/")
    answer = reader.get(f"/sources/{source.key}/settings/")

    assert len(usable_keys(source)) == 5
    assert "5 keys at most" in answer.content.decode()


def test_another_sources_key_is_not_revoked_by_this_ones_address() -> None:
    source, other = a_source(), a_source("Other")
    [key] = usable_keys(other)

    answer = signed_in().post(f"/sources/{source.key}/keys/{key.pk}/revoke/")

    assert answer.status_code == 404
    assert usable_keys(other) == [key]


def test_name_and_sites_are_changed_and_shown_again() -> None:
    source = a_source()
    reader = signed_in()

    reader.post(
        f"/sources/{source.key}/settings/",
        {
            "name": "Portal",
            "origins": "https://a.example\nhttp://b.example:8080/x\nhttps://A.example/",
        },
    )
    page = reader.get(f"/sources/{source.key}/settings/").content.decode()

    source.refresh_from_db()
    assert source.name == "Portal"
    assert source.origins == ["https://a.example", "http://b.example:8080"]
    assert "http://b.example:8080" in page


def test_an_archived_source_is_set_aside_and_can_be_opened_again() -> None:
    source = a_source()
    reader = signed_in()

    reader.post(f"/sources/{source.key}/archive/")
    listed = text_of(reader, "/sources/")
    page = text_of(reader, f"/sources/{source.key}/")
    reader.post(f"/sources/{source.key}/archive/", {"reopen": "1"})

    assert "1 archived source" in listed
    assert "This source is archived" in page
    assert "What to paste" not in page
    source.refresh_from_db()
    assert source.archived_at is None


def test_live_events_say_who_did_what_and_escape_what_strangers_sent() -> None:
    source = a_source()
    happened(
        an_event(source, properties={"path": "/pricing<script>alert(1)</script>"}),
        an_event(source, "demo_requested", subject=Name("email", "ada@firm.example")),
    )

    page = signed_in().get(f"/sources/{source.key}/events/").content.decode()

    assert "ada@firm.example" in page
    assert "demo_requested" in page
    assert "unknown visitor" in page
    assert "<script>alert" not in page


def test_live_events_are_filtered_by_kind_by_robot_and_by_name() -> None:
    source = a_source()
    happened(
        an_event(source, "first_thing"),
        an_event(source, "crawled", robot=Robot.SCANNER),
        an_event(source, "page", properties={"path": "/seen"}),
    )
    reader, url = signed_in(), f"/sources/{source.key}/events/"

    tracked = text_of(reader, url, kind="track")
    robots = text_of(reader, url, robots="only")
    named = text_of(reader, url, name="first_thing")
    nothing = text_of(reader, url, kind="alias")

    assert "first_thing" in tracked
    assert "/seen" not in tracked
    assert "crawled" in robots
    assert "first_thing" not in robots
    assert "crawled" not in named
    assert "Nothing like that" in nothing


def test_live_events_come_by_themselves_until_paused_and_open_then() -> None:
    source = a_source()
    happened(an_event(source, properties={"path": "/seen", "depth": {"a": 1}}))
    reader, url = signed_in(), f"/sources/{source.key}/events/"

    live = reader.get(url).content.decode()
    rows = reader.get(url, {"rows": "1"}, headers={"HX-Request": "true"}).content.decode()
    paused = unescape(reader.get(url, {"paused": "1"}).content.decode())

    assert 'hx-trigger="every 2s"' in live
    assert rows.lstrip().startswith("<tbody")
    assert "every 2s" not in paused
    assert '"depth": {' in paused


def test_all_sources_events_stand_on_one_page() -> None:
    site, portal = a_source(), a_source("Portal")
    happened(an_event(site, "from_site"), an_event(portal, "from_portal"))

    page = text_of(signed_in(), "/sources/-/events/")

    assert "from_site" in page
    assert "from_portal" in page
    assert "Portal" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_reason_of_dropping_says_what_it_means_and_what_to_do(language: str) -> None:
    source = a_source()
    for reason in DropReason:
        tally = Tally(count=2, samples=["a <sample>"])
        record_drops({(source.pk, reason): tally}, now=just_now())

    page = signed_in(language=language).get(f"/sources/{source.key}/drops/").content.decode()

    assert page.count('class="second remedy"') == len(DropReason)
    assert "a &lt;sample&gt;" in page


def test_what_came_without_a_known_key_has_its_own_page() -> None:
    tally = Tally(count=7, samples=["abcd…"])
    record_drops({(None, DropReason.BAD_KEY): tally}, now=just_now())

    page = text_of(signed_in(), "/sources/-/drops/")

    assert "Unknown key" in page
    assert "abcd…" in page
    assert " 7 " in page


@pytest.mark.parametrize("part", ["", "events/", "drops/", "settings/"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_a_fresh_source_opens_in_both_languages(part: str, language: str) -> None:
    source = a_source()

    answer = signed_in(language=language).get(f"/sources/{source.key}/{part}")

    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("role", [Role.SDR, Role.EXECUTIVE])
def test_sales_sees_no_sources(role: str) -> None:
    source = a_source()
    reader = signed_in(role)

    answers = [reader.get(url) for url in ("/sources/", f"/sources/{source.key}/")]
    answers += [reader.post(f"/sources/{source.key}/{part}/") for part in ("keys", "archive")]

    assert {answer.status_code for answer in answers} == {403}


def test_who_is_not_signed_in_is_sent_to_sign_in() -> None:
    source = a_source()

    answer = Client().get(f"/sources/{source.key}/")

    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_what_is_not_there_is_not_found() -> None:
    reader = signed_in()

    answers = [
        reader.get(f"/sources/nothing/{part}") for part in ("", "events/", "drops/", "settings/")
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_every_kind_and_robot_has_a_name() -> None:
    source = a_source()
    happened(
        *(an_event(source, f"name_{kind}", kind=kind) for kind in EventKind.values),
        *(an_event(source, f"name_{robot}", robot=robot) for robot in Robot.values if robot),
    )

    page = text_of(signed_in(language="fr"), f"/sources/{source.key}/events/")

    assert "filtre de messagerie" in page
    assert "Écran" in page
