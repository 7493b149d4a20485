"""Users, teams and tokens: what an administrator changes, and what stays impossible."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from passerelle.apps.accounts import actions
from passerelle.apps.accounts.actions import Refused
from passerelle.apps.accounts.models import ApiToken, AuditEntry, Role, Scope, Team, User
from passerelle.apps.people.models import Lead
from tests.apps.accounts.desk import NOW, a_user, an_administrator, page, signed_in


def test_a_role_and_a_team_are_changed_and_the_change_stands_in_the_trail() -> None:
    administrator, user = an_administrator(), a_user()
    team = Team.objects.create(key="north", name="North")

    signed_in(administrator).post(
        f"/settings/users/{user.pk}/", {"role": "manager", "team": team.pk}
    )

    user.refresh_from_db()
    assert (user.role, user.team) == (Role.MANAGER, team)
    entry = AuditEntry.objects.get(action="user.changed")
    assert entry.user == administrator
    assert entry.details == {"role": ["marketing", "manager"], "team": [None, "north"]}


def test_the_last_administrator_stays_one() -> None:
    administrator = an_administrator()
    client = signed_in(administrator)

    demoted = client.post(f"/settings/users/{administrator.pk}/", {"role": "sdr", "team": ""})
    client.post(f"/settings/users/{administrator.pk}/deactivate/")

    assert "There must always be an administrator" in page(demoted)
    administrator.refresh_from_db()
    assert administrator.role == Role.ADMINISTRATOR
    assert administrator.is_active


def test_one_of_two_administrators_may_go() -> None:
    staying, going = an_administrator(), an_administrator()

    assert actions.deactivate_user(going, by=staying, now=NOW) is None
    assert actions.deactivate_user(staying, by=staying, now=NOW) is Refused.LAST_ADMINISTRATOR


def test_who_is_switched_off_is_out_at_once_with_their_tokens() -> None:
    administrator, user = an_administrator(), a_user()
    client = signed_in(user)
    actions.create_token(user, name="export", scope=Scope.READ, now=NOW)

    signed_in(administrator).post(f"/settings/users/{user.pk}/deactivate/")

    assert client.get("/settings/me/").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None


def test_a_person_changes_name_language_and_looks_but_no_right() -> None:
    user = a_user(language="en")

    response = signed_in(user).post(
        "/settings/me/",
        {"name": "Ada", "language": "fr", "theme": "dark", "role": "administrator"},
        follow=True,
    )

    user.refresh_from_db()
    assert (user.name, user.language, user.theme) == ("Ada", "fr", "dark")
    assert user.role == Role.MARKETING
    assert "Enregistré." in page(response)


def test_a_team_is_made_renamed_and_deleted() -> None:
    client = signed_in(an_administrator())

    client.post("/settings/teams/", {"name": "Île-de-France"})
    client.post("/settings/teams/ile-de-france/", {"name": "Paris"})
    renamed = Team.objects.get()
    client.post("/settings/teams/ile-de-france/delete/")

    assert (renamed.key, renamed.name) == ("ile-de-france", "Paris")
    assert not Team.objects.exists()
    deeds = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert deeds == ["team.created", "team.renamed", "team.deleted"]


def test_two_teams_have_two_names_and_two_keys() -> None:
    by = an_administrator()

    first = actions.create_team("North!", by=by, now=NOW)
    second = actions.create_team("North", by=by, now=NOW)
    third = actions.create_team("north", by=by, now=NOW)

    assert isinstance(first, Team)
    assert isinstance(second, Team)
    assert {first.key, second.key} == {"north", "north-2"}
    assert third is Refused.NAME_TAKEN


@pytest.mark.parametrize("owner", ["member", "lead"])
def test_a_team_that_something_belongs_to_is_not_deleted(owner: str) -> None:
    team = Team.objects.create(key="north", name="North")
    if owner == "member":
        a_user(team=team)
    else:
        Lead.objects.create(key="l1", team=team, created_at=NOW)

    assert actions.delete_team(team, by=an_administrator(), now=NOW) is Refused.TEAM_IN_USE


def test_a_token_is_shown_once_and_kept_as_a_hash() -> None:
    client = signed_in(a_user())

    shown = client.post("/settings/tokens/", {"name": "export", "scope": "read", "days": "30"})
    again = client.get("/settings/tokens/")

    token = ApiToken.objects.get()
    secret = page(shown).split('id="secret">')[1].split("<")[0]
    assert secret.startswith("psr_")
    assert secret not in page(again)
    assert secret not in str(ApiToken.objects.values().get())
    assert token.prefix == secret[:10]


@pytest.mark.parametrize("fault", ["", "revoked", "expired", "off", "misspelt"])
def test_a_request_is_known_by_a_token_that_is_good(fault: str) -> None:
    user = a_user()
    secret = actions.create_token(
        user, name="export", scope=Scope.WRITE, lasts=timedelta(days=1), now=NOW
    )
    token = ApiToken.objects.get()
    if fault == "revoked":
        actions.revoke_token(token, by=user, now=NOW)
    if fault == "off":
        User.objects.update(is_active=False)
    header = f"Bearer {secret}{'x' if fault == 'misspelt' else ''}"
    request = RequestFactory().get("/", headers={"Authorization": header})

    found = actions.authenticate(request, now=NOW + timedelta(days=2 if fault == "expired" else 0))

    assert found == (None if fault else token)


@pytest.mark.parametrize("header", ["", "Bearer", "Basic psr_abc", "Bearer psr_", "Bearer \x00"])
def test_a_request_without_a_token_is_nobodys(header: str) -> None:
    request = RequestFactory().get("/", headers={"Authorization": header})

    assert actions.authenticate(request, now=NOW) is None


def test_nobody_revokes_another_ones_token_but_an_administrator() -> None:
    owner, other, administrator = a_user(), a_user(), an_administrator()
    actions.create_token(owner, name="export", scope=Scope.READ, now=NOW)
    token = ApiToken.objects.get()

    refused = signed_in(other).post(f"/settings/tokens/{token.pk}/revoke/")
    signed_in(administrator).post(f"/settings/tokens/{token.pk}/revoke/")

    assert refused.status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_an_administrator_sees_everybody_in_both_languages() -> None:
    a_user(name="Ada <script>")
    for language, title in (("fr", "Utilisateurs"), ("en", "Users")):
        response = signed_in(an_administrator(language=language)).get("/settings/users/")

        assert title in page(response)
        assert "Ada &lt;script&gt;" in page(response)
