"""The catalogues laid flat: one sentence a key, plural forms side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import passerelle.words
from passerelle.words import LANGUAGES, Language, catalogue

PLURAL = {"one", "other"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One key of one language; `forms` holds a single text, or those of a plural by their name."""

    key: str
    forms: Mapping[str, str]

    @property
    def placeholders(self) -> set[str]:
        """The names that some form asks for; a plural is chosen by `n`, so it asks for `n`."""
        names = {name for text in self.forms.values() for name in _placeholders(text)}
        return names | {"n"} if PLURAL & self.forms.keys() else names


def areas(language: Language) -> set[str]:
    """The areas that have a catalogue in `language`."""
    folder = Path(passerelle.words.__file__).parent / language
    return {path.stem for path in folder.glob("*.toml")}


def sentences(language: Language) -> dict[str, Sentence]:
    """Every sentence of `language`, by its full key."""
    return {
        sentence.key: sentence
        for area in sorted(areas(language))
        for sentence in _flat(area, catalogue(area, language))
    }


def in_every_language() -> Iterator[tuple[Language, Sentence]]:
    """Every sentence with its language."""
    for language in LANGUAGES:
        for sentence in sentences(language).values():
            yield language, sentence


def _flat(key: str, entry: object) -> Iterator[Sentence]:
    match entry:
        case str(text):
            yield Sentence(key, {"": text})
        case dict() if PLURAL & entry.keys():
            yield Sentence(key, entry)
        case dict():
            for part, inner in entry.items():
                yield from _flat(f"{key}.{part}", inner)
        case other:
            msg = f"{key} is {other!r}, not a sentence"
            raise TypeError(msg)


def _placeholders(text: str) -> Iterator[str]:
    for _, name, spec, _ in Formatter().parse(text):
        if name is not None:
            yield name
            yield from _placeholders(spec or "")
