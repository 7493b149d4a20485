"""The page of all settings, written from them: `python -m passerelle.project.reference docs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from passerelle.project.checks import CODES
from passerelle.project.configuration import Configuration, variable
from passerelle.words import LANGUAGES, Language, say

GROUPS: Mapping[str, tuple[str, ...]] = {
    "base": (
        "data", "database_url", "history", "secret_key", "language", "timezone", "debug",
    ),
    "web": (
        "host", "port", "public_url", "allowed_hosts", "trusted_proxies", "https",
        "web_processes", "workers",
    ),
    "capture": ("collector_url", "ip_addresses", "events_per_second", "event_kilobytes"),
    "mail": (
        "mail_host", "mail_port", "mail_security", "mail_user", "mail_password", "mail_from",
    ),
    "signing_in": (
        "verify_email", "two_factors", "session_days", "hsts_days", "upload_megabytes",
        "single_sign_on_url", "single_sign_on_name", "single_sign_on_id", "single_sign_on_secret",
    ),
    "privacy": ("retention_days", "anonymous_days", "consent_needed"),
    "watching": ("log_level", "log_format", "metrics_token"),
}  # fmt: skip


def settings_pages() -> Mapping[str, str]:
    """The text of the page in each language, by its path below `docs`."""
    names: Mapping[Language, str] = {"en": "settings.md", "fr": "settings.fr.md"}
    return {
        f"reference/{names[language]}": "\n".join(_lines(language)) + "\n" for language in LANGUAGES
    }


def _lines(language: Language) -> Iterator[str]:
    yield f"# {say('settings.page.title', language)}"
    yield ""
    twin = "settings.md" if language == "fr" else "settings.fr.md"
    yield f"[{say('settings.page.twin', language)}]({twin})"
    yield ""
    yield say("settings.page.made", language)
    for group, names in GROUPS.items():
        yield ""
        yield f"## {say(f'settings.page.group.{group}', language)}"
        yield ""
        yield _row(*(say(f"settings.page.column.{c}", language) for c in _COLUMNS))
        yield "|---|---|---|"
        for name in names:
            meaning = say(f"settings.of.{name}", language)
            limits = _limits(name, language)
            yield _row(f"`{variable(name)}`", f"{meaning}{limits}", _default(name))
    yield ""
    yield f"## {say('settings.page.checks', language)}"
    yield ""
    yield _row(*(say(f"settings.page.column.{c}", language) for c in ("check", "says", "hint")))
    yield "|---|---|---|"
    for code in CODES:
        said = (_plain(f"settings.check.{code}.{part}", language) for part in ("says", "hint"))
        yield _row(f"`passerelle.{code}`", *said)


_COLUMNS = ("variable", "meaning", "default")
_FILLED = {"name": "…", "path": "…", "host": "…", "near": "…"}


def _plain(key: str, language: Language) -> str:
    return say(key, language, **_FILLED)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(name: str) -> str:
    default = Configuration.model_fields[name].default
    match default:
        case "" | ():
            return ""
        case bool():
            return f"`{str(default).lower()}`"
        case _:
            return f"`{default}`"


def _limits(name: str, language: Language) -> str:
    field = Configuration.model_fields[name]
    bounds = {type(part).__name__: part for part in field.metadata}
    if {"Ge", "Le"} <= bounds.keys():
        low, high = bounds["Ge"].ge, bounds["Le"].le
        return f" {say('settings.page.limits', language, low=low, high=high)}"
    return ""
