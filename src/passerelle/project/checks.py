"""Settings that are each sound and together are not: Django system checks with an id and a hint.

Those of signing in are checked by `apps/accounts`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's name

from passerelle.project.configuration import PREFIX, Configuration, configuration, variable
from passerelle.words import Language, say

ELSEWHERE = frozenset(
    {"CONFIG", "SHARED", "REQUIRE", "POSTGRESQL", "CHROMIUM", "TEST_DATABASE", "KILLS", "LIFELINE"}
)
"""Names with our prefix that are no settings of an installation."""

CODES = ("E001", "E002", "W001", "W002", "W003", "W004")


@register("passerelle")
def check_settings(**_: Any) -> list[CheckMessage]:
    """What Django's own `check` says of an installation's settings."""
    how = configuration()
    return list(found_in(how, os.environ))


def found_in(how: Configuration, environment: Iterable[str]) -> Iterator[CheckMessage]:
    """Everything that does not go together."""
    language = how.language
    if how.is_sqlite and how.workers > 1:
        yield _message("E001", language, name=variable("workers"))
    if not os.access(how.data if how.data.exists() else how.data.absolute().parent, os.W_OK):
        yield _message("E002", language, path=how.data)
    if not _is_loopback(how.host) and not (how.public_url or how.allowed_hosts):
        yield _message("W001", language, name=variable("public_url"), host=how.host)
    if "*" in how.allowed_hosts:
        yield _message("W002", language, name=variable("allowed_hosts"))
    if how.https and not how.trusted_proxies:
        yield _message("W004", language, name=variable("trusted_proxies"))
    known = {variable(name) for name in Configuration.model_fields}
    for given in environment:
        if given in known or not given.startswith(PREFIX) or given[len(PREFIX) :] in ELSEWHERE:
            continue
        if near := get_close_matches(given, known, n=1, cutoff=0.8):
            yield _message("W003", language, name=given, near=near[0])


def _message(code: str, language: Language, **data: object) -> CheckMessage:
    kind = Error if code.startswith("E") else Warning
    said = say(f"settings.check.{code}.says", language, **data)
    hint = say(f"settings.check.{code}.hint", language, **data)
    return kind(said, hint=hint, id=f"passerelle.{code}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
