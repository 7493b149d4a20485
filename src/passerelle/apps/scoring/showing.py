"""What the agreement pages show of publications, versions and the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from passerelle.apps.scoring.agreements import agreement_of
from passerelle.apps.scoring.models import PublishedAgreement
from passerelle.core.agreement import Agreement
from passerelle.core.differences import differences
from passerelle.core.explaining_format import day
from passerelle.core.reading import read_agreement
from passerelle.files.gallery import gallery
from passerelle.words import Language, say


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication in words: when, by whom, and how far everybody has been scored by it."""

    when: str
    by: str
    scored: str
    is_rescoring: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the table of versions."""

    published: PublishedAgreement
    when: str
    by: str
    signed_by: str
    changed: str
    moved: str


@dataclass(frozen=True, slots=True)
class Card:
    """An agreement of the gallery."""

    name: str
    title: str
    rules: str


def publication_of(published: PublishedAgreement, language: Language) -> Publication:
    """A publication in words."""
    agreement = agreement_of(published)
    when = day(agreement.day(published.published_at), language)
    rescored = published.rescored_at
    scored = (
        say("agreements.now.rescoring", language)
        if rescored is None
        else say("agreements.now.rescored", language, date=day(agreement.day(rescored), language))
    )
    return Publication(
        when=say("agreements.now.published", language, date=when),
        by=_by(published, language),
        scored=scored,
        is_rescoring=rescored is None,
    )


def version_lines(versions: Sequence[PublishedAgreement], language: Language) -> list[VersionLine]:
    """The versions, the latest first as given, each compared with the one before it."""
    lines = []
    for number, published in enumerate(versions):
        agreement = agreement_of(published)
        before = agreement_of(versions[number + 1]) if number + 1 < len(versions) else None
        moves: int = getattr(published, "moves", 0)
        lines.append(
            VersionLine(
                published=published,
                when=day(agreement.day(published.published_at), language),
                by=str(published.published_by or "–"),
                signed_by=", ".join(one.name for one in agreement.signatures) or "–",
                changed=_changed(before, agreement, language),
                moved=say("agreements.versions.moves", language, n=moves) if moves else "",
            )
        )
    return lines


def gallery_cards(language: Language) -> list[Card]:
    """What the gallery offers."""
    return [
        Card(
            name,
            agreement.title or agreement.key,
            say("agreements.gallery.rules", language, n=len(agreement.rules)),
        )
        for name, agreement in _gallery().items()
    ]


def gallery_text(name: str) -> str | None:
    """The text of an agreement of the gallery; none of that name."""
    path = gallery().get(name)
    return None if path is None else path.read_text("utf-8")


@cache
def _gallery() -> dict[str, Agreement]:
    return {name: read_agreement(path.read_text("utf-8")) for name, path in gallery().items()}


def _by(published: PublishedAgreement, language: Language) -> str:
    if published.published_by is None:
        return say("agreements.now.by_program", language)
    return say("agreements.now.by", language, name=str(published.published_by))


def _changed(before: Agreement | None, agreement: Agreement, language: Language) -> str:
    if before is None:
        return say("agreements.versions.first", language)
    changes = len(differences(before, agreement))
    return say("agreements.versions.changed", language, n=changes)
