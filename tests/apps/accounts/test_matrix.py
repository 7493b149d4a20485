"""Every address and every role: who gets in is what the rights say, and nothing is unguarded."""

import pytest
from django.test import Client
from django.urls import reverse

from passerelle.apps.accounts.models import Role
from passerelle.apps.accounts.rights import RIGHTS, Right
from tests.apps.accounts.desk import a_user, signed_in
from tests.apps.accounts.every_address import PUBLIC, every_address

GUARDED = [address for address in every_address() if address.right is not None]


def test_every_view_asks_for_a_right_or_is_named_as_public() -> None:
    unguarded = [a.path for a in every_address() if a.right is None and a.name not in PUBLIC]

    assert unguarded == []


def test_no_view_that_asks_for_a_right_is_named_as_public() -> None:
    assert [a.path for a in GUARDED if a.name in PUBLIC] == []


def test_every_address_could_be_filled_in() -> None:
    assert [a.path for a in every_address() if set(a.path) & set("<>^$()?")] == []


def test_every_right_is_held_by_an_administrator_and_every_role_has_its_own() -> None:
    assert RIGHTS.keys() == set(Role)
    assert RIGHTS[Role.ADMINISTRATOR] == set(Right)
    assert all(Right.OWN_ACCOUNT in rights for rights in RIGHTS.values())


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_role_gets_where_its_rights_lead_and_nowhere_else(role: Role, method: str) -> None:
    client = signed_in(a_user(role))

    wrong = []
    for address in GUARDED:
        status = getattr(client, method)(address.path).status_code
        assert address.right is not None
        if status == 405:  # nobody is answered that way there
            continue
        if (status != 403) != (address.right in RIGHTS[role]) or status >= 500:
            wrong.append((address.path, address.right, status))

    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_who_is_not_signed_in_is_sent_to_sign_in(method: str) -> None:
    client = Client()

    wrong = [
        (address.path, response.status_code)
        for address in GUARDED
        for response in [getattr(client, method)(address.path)]
        if response.status_code != 405
        and not response.get("Location", "").startswith("/accounts/login/")
    ]

    assert wrong == []


@pytest.mark.parametrize(
    "name",
    [
        "account_reauthenticate",
        "account_email",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "usersessions_list",
        "socialaccount_connections",
    ],
)
def test_ones_own_account_is_for_who_is_signed_in(name: str) -> None:
    response = Client().get(reverse(name))

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_htmx_is_told_to_leave_the_page_for_signing_in() -> None:
    response = Client().get("/settings/me/", headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response["HX-Redirect"] == "/accounts/login/"


def test_who_was_switched_off_may_nothing_though_the_session_lives() -> None:
    user = a_user(Role.ADMINISTRATOR)
    client = signed_in(user)
    user.is_active = False
    user.save()

    assert client.get("/settings/users/").status_code == 302


def test_a_form_without_its_token_changes_nothing() -> None:
    user = a_user(name="Ada")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    response = client.post("/settings/me/", {"name": "Eve", "language": "fr"})

    assert response.status_code == 403
    user.refresh_from_db()
    assert user.name == "Ada"
