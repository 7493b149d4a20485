"""What stages, dimensions, rules, triggers and events are called on the page."""

from __future__ import annotations

from passerelle.core.agreement import Agreement
from passerelle.core.sentences_names import field, nouns, stage
from passerelle.core.sentences_rules import short_rule_name
from passerelle.core.sentences_stages import short_trigger_name
from passerelle.core.spoken import capital
from passerelle.report.plain_text import plain
from passerelle.words import Language, catalogue, say

_ARTICLES: dict[Language, tuple[str, ...]] = {"en": ("the ",), "fr": ("le ", "la ", "les ", "l’")}


def stage_label(agreement: Agreement, key: str, language: Language) -> str:
    """A stage, by its label where it has one."""
    return plain(capital(stage(key, language, agreement=agreement)))


def level_label(key: str, language: Language) -> str:
    """The total or a dimension, without its article."""
    if key in catalogue("report", language)["level"]:
        return say(f"report.level.{key}", language)
    return plain(capital(key.replace("_", " ")))


def rule_label(agreement: Agreement, key: str, language: Language) -> str:
    """A rule, by its title or by what it looks at."""
    return plain(short_rule_name(agreement.rule(key), language))


def trigger_label(agreement: Agreement, key: str, language: Language) -> str:
    """A fast track, disqualifier or override, by its title or by what it looks at."""
    triggers = (*agreement.fast_tracks, *agreement.disqualify, *agreement.overrides)
    named = (short_trigger_name(one, language) for one in triggers if one.key == key)
    return plain(next(named, key))


def event_label(name: str, language: Language) -> str:
    """Events of that name, in the plural; a name that is not of the trade stands as it is."""
    if is_known_event(name, language):
        return capital(nouns((name,), language))
    return plain(name)


def field_label(name: str, language: Language) -> str:
    """A field, without its article; a name that the trade has no word for stands as it is."""
    if name == "unnamed" or name not in catalogue("events", language)["field"]:
        return plain(name)
    said = field(name, language)
    return capital(
        next((said.removeprefix(a) for a in _ARTICLES[language] if said.startswith(a)), said)
    )


def is_known_event(name: str, language: Language) -> bool:
    """Whether the event is one of the trade's own."""
    return name in catalogue("events", language)["nouns"] and name not in ("any", "unnamed")
