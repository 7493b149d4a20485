"""One lead's page: where it stands and why, what happened, what is known, what people do to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from passerelle.apps.accounts.models import AuditEntry, Role
from passerelle.apps.capture.actions import record_events
from passerelle.apps.desk.agreement import agreement_in_force
from passerelle.apps.desk.ledger import ledger_of
from passerelle.apps.desk.reckoned import reckoned
from passerelle.apps.people.models import Lead, Note
from passerelle.apps.scoring.models import Score, StageDecision, Transition
from tests.apps.desk.builders import a_lead, a_team, a_user
from tests.apps.desk.world import happened, identified, publish_demo, seen, take_in

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
CAMILLE, HUGO = "camille@dufour.fr", "hugo@dufour.fr"


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def camille() -> Lead:
    """A lead who read prices and asked for a demo, under the demo company's agreement."""
    publish_demo(None, now=ago(60))
    record_events(
        [
            identified(CAMILLE, at=ago(40), first_name="Camille", company="Dufour", employees=60),
            seen(CAMILLE, "/pricing", at=ago(9)),
            happened(CAMILLE, "demo_requested", at=ago(3), form="demo"),
        ]
    )
    take_in(now=ago(2))
    return Lead.objects.get(email=CAMILLE)


def signed_in(client: Client, role: str = Role.MANAGER, **fields: Any) -> Client:
    client.force_login(a_user(role, **fields))
    return client


def page(client: Client, lead: Lead, query: str = "") -> str:
    response = client.get(f"/leads/{lead.key}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_where_the_lead_stands_and_why(client: Client, camille: Lead) -> None:
    told = page(signed_in(client), camille)

    assert "Camille" in told
    assert "Handed over to sales" in told
    assert "Asking for a demo" in told
    assert 'aria-current="step"' in told


def test_it_says_so_in_french(client: Client, camille: Lead) -> None:
    told = page(signed_in(client, language="fr"), camille)

    assert "Transmis aux ventes" in told
    assert "Demander une démonstration" in told


def test_what_lies_ahead_is_told_in_a_part_of_its_own(client: Client, camille: Lead) -> None:
    told = signed_in(client).get(f"/leads/{camille.key}/ahead/").content.decode()

    assert "Why not yet" in told
    assert "How long" in told or "Until when" in told


def test_the_ledger_adds_up_level_by_level(camille: Lead) -> None:
    agreement = agreement_in_force()
    assert agreement is not None

    sheets = ledger_of(agreement, reckoned(camille, agreement, now=NOW).score, "en")

    assert [sheet.name for sheet in sheets] == ["Fit", "Engagement", "Total"]
    assert all(sum(row.points for row in sheet.rows) == sheet.points for sheet in sheets)


def test_the_score_over_time_is_drawn_and_its_numbers_stand_below(
    client: Client, camille: Lead
) -> None:
    told = page(signed_in(client), camille, "?tab=score")

    assert '<path class="line" d="M' in told
    assert "The numbers" in told
    assert "style=" not in told


def test_a_late_event_leaves_the_decision_and_shows_what_is_known_now(
    client: Client, camille: Lead
) -> None:
    before = Transition.objects.get(lead=camille).total
    late = seen(CAMILLE, "/customers/dufour", at=ago(5), received_at=NOW)
    record_events([late])
    take_in(now=NOW)

    told = page(signed_in(client), camille, "?tab=score")

    assert Transition.objects.filter(lead=camille).earliest("number").total == before
    assert "differs" in told
    assert "arrived" in page(client, camille, "?tab=timeline")


@pytest.mark.parametrize(
    ("only", "shown", "hidden"),
    [
        ("", "Demo requested", "nothing of the kind"),
        ("move", "Became a lead", "Demo requested"),
        ("note", "Called back", "Demo requested"),
        ("event", "Demo requested", "Called back"),
    ],
)
def test_the_timeline_shows_what_happened_of_the_kind_asked_for(
    client: Client, camille: Lead, only: str, shown: str, hidden: str
) -> None:
    Note.objects.create(lead=camille, text="Called back", at=ago(1))

    told = page(signed_in(client), camille, f"?tab=timeline&only={only}")

    assert shown in told
    assert hidden not in told


def test_older_happenings_follow_without_a_gap(client: Client, camille: Lead) -> None:
    record_events([seen(CAMILLE, f"/blog/{n}", at=ago(30 + n % 7)) for n in range(95)])
    signed_in(client)

    paths: list[str] = []
    address = f"/leads/{camille.key}/?tab=timeline"
    while address:
        stretch = client.get(address).context["stretch"]
        events = [one.thing for one in stretch.happenings if one.kind == "event"]
        paths += [str(event.properties.get("path")) for event in events]
        stamp = stretch.before and stretch.before.isoformat().replace("+", "%2B")
        address = f"/leads/{camille.key}/older/?before={stamp}" if stamp else ""

    blog = [path for path in paths if path.startswith("/blog")]
    assert len(blog) == len(set(blog)) == 95


def test_fields_show_their_history_and_who_said_so(client: Client, camille: Lead) -> None:
    signed_in(client, name="Paul Girard")

    client.post(f"/leads/{camille.key}/field/", {"field": "employees", "value": "250"})
    told = page(client, camille, "?tab=profile")

    assert "250" in told
    assert "1 former value" in told
    assert "Paul Girard" in told
    camille.refresh_from_db()
    assert str(camille.fields["employees"]) == "250"


def test_a_field_the_agreement_does_not_know_cannot_be_set(client: Client, camille: Lead) -> None:
    signed_in(client)

    response = client.post(
        f"/leads/{camille.key}/field/", {"field": "__x", "value": "1"}, follow=True
    )

    assert "There is nothing to save" in response.content.decode()


def test_notes_and_tags_are_written_and_audited(client: Client, camille: Lead) -> None:
    signed_in(client, Role.SDR)

    client.post(f"/leads/{camille.key}/note/", {"text": "<b>Wants a call</b>"})
    client.post(f"/leads/{camille.key}/tag/", {"tag": "fair"})
    told = page(client, camille)
    client.post(f"/leads/{camille.key}/tag/", {"off": "fair"})

    assert "&lt;b&gt;Wants a call" in told
    assert "fair" in told
    assert not camille.tags.exists()
    deeds = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"lead.noted", "lead.tagged", "lead.untagged"} <= deeds


def test_an_empty_note_is_refused_with_a_word(client: Client, camille: Lead) -> None:
    response = signed_in(client).post(f"/leads/{camille.key}/note/", {"text": " "}, follow=True)

    assert "There is nothing to save" in response.content.decode()
    assert not Note.objects.exists()


def test_a_stage_set_by_hand_holds_until_it_is_lifted(client: Client, camille: Lead) -> None:
    signed_in(client)

    client.post(f"/leads/{camille.key}/move/", {"stage": "nurturing", "reason": "On leave"})
    held = page(client, camille)
    client.post(f"/leads/{camille.key}/move/", {"lift": "1"})

    assert "On leave" in held
    assert StageDecision.objects.get().ended_at is not None
    assert Score.objects.get(lead=camille).stage == "handoff"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"stage": "mql", "reason": ""}, "needs a reason"),
        ({"stage": "mql", "reason": "x", "until": "2001-01-01"}, "a date to come"),
        ({"stage": "mql", "reason": "x", "until": "2001-99-01"}, "a date to come"),
        ({"stage": "moon", "reason": "x"}, "could not be set"),
        ({"stage": "mql", "reason": "x" * 3000}, "too long"),
    ],
)
def test_a_stage_that_cannot_be_set_says_why(
    client: Client, camille: Lead, data: dict[str, str], said: str
) -> None:
    response = signed_in(client).post(f"/leads/{camille.key}/move/", data, follow=True)

    assert said in response.content.decode()
    assert not StageDecision.objects.exists()


def test_sales_may_not_set_stages_or_merge(client: Client, camille: Lead) -> None:
    signed_in(client, Role.SDR)

    told = page(client, camille, "?tab=profile")

    assert client.post(f"/leads/{camille.key}/move/", {"stage": "mql"}).status_code == 403
    assert client.post(f"/leads/{camille.key}/merge/", {"other": "x"}).status_code == 403
    assert "Set the stage" not in told
    assert "Merge into" not in told


def test_two_leads_are_merged_and_parted_again(client: Client, camille: Lead) -> None:
    record_events([identified(HUGO, at=ago(20), first_name="Hugo")])
    take_in(now=NOW)
    hugo = Lead.objects.get(email=HUGO)
    signed_in(client, Role.MARKETING)

    offered = page(client, camille, "?tab=profile&merge=hugo")
    client.post(f"/leads/{camille.key}/merge/", {"other": hugo.key})
    led = client.get(f"/leads/{hugo.key}/")
    told = page(client, camille, "?tab=profile")
    client.post(f"/leads/{camille.key}/undo-merge/", {"other": hugo.key})

    assert "Merge into this lead" in offered
    assert led.status_code == 302
    assert led["Location"] == f"/leads/{camille.key}/"
    assert "Merged into this lead" in told
    assert hugo.key in told
    assert page(client, hugo)


def test_a_lead_of_another_team_is_not_there(client: Client, camille: Lead) -> None:
    Lead.objects.filter(pk=camille.pk).update(team=a_team("south"))
    signed_in(client, Role.SDR, team=a_team("north"))

    for path in ("", "ahead/", "older/"):
        assert client.get(f"/leads/{camille.key}/{path}").status_code == 404
    assert client.post(f"/leads/{camille.key}/note/", {"text": "x"}).status_code == 404


def test_without_an_agreement_the_page_stands_and_says_so(client: Client) -> None:
    lead = a_lead("Camille Roux")
    signed_in(client)

    for tab in ("overview", "timeline", "score", "profile", "nowhere"):
        assert "Camille Roux" in page(client, lead, f"?tab={tab}")
    assert "No agreement is in force yet" in page(client, lead)


def test_a_lead_that_is_not_there_is_not_found(client: Client) -> None:
    response = signed_in(client).get("/leads/nobody/")

    assert response.status_code == 404
    assert "Nothing here" in response.content.decode()
