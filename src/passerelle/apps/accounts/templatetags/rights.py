"""What somebody may, and what roles are called: `{% may "manage_users" as manages %}`."""

from __future__ import annotations

from typing import Any

from django import template

from passerelle.apps.accounts import wording
from passerelle.apps.accounts.rights import Right
from passerelle.apps.accounts.rights import may as has_right

register = template.Library()


@register.simple_tag(takes_context=True, name="may")
def may(context: dict[str, Any], right: str) -> bool:
    """Whether the reader of the page has that right."""
    return has_right(context["request"].user, Right(right))


@register.simple_tag(name="role_name")
def role_name(role: str) -> str:
    """What a role is called."""
    return wording.here(f"accounts.role.{role}")


@register.simple_tag(name="role_text")
def role_text(role: str) -> str:
    """What a role is for."""
    return wording.here(f"accounts.roles.{role}")


@register.simple_tag(name="scope_name")
def scope_name(scope: str) -> str:
    """What a token's scope is called."""
    return wording.here(f"accounts.scope.{scope}")


@register.simple_tag(name="roles")
def roles() -> list[tuple[str, str]]:
    """Every role with its name."""
    return wording.roles()
