"""People who sign in, made up for tests."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.test import Client

from passerelle.apps.accounts.models import Role, User

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
_numbers = count(1)


def a_user(role: Role = Role.MARKETING, **fields: Any) -> User:
    fields.setdefault("email", f"user{next(_numbers)}@acme.example")
    fields.setdefault("created_at", NOW)
    return User.objects.create_user(
        fields.pop("email"), fields.pop("password", PASSWORD), role=role, **fields
    )


def an_administrator(**fields: Any) -> User:
    return a_user(Role.ADMINISTRATOR, **fields)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(response: Any) -> str:
    text: str = response.getvalue().decode()
    return text
