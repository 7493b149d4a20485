"""Which column is what: by exact name, by synonym, by likeness; never twice, never silently."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from passerelle.files.synonyms import (
    EVENT_COLUMNS,
    EVENT_LEAD_KEYS,
    LEAD_KEYS,
    SYNONYMS,
    WRAPPERS,
    plain,
    readings,
)
from passerelle.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LIKENESS = 0.86
SHORTEST_LIKENESS = 5
# What Segment's clients send: the first of these that is filled in counts.
TOGETHER: dict[str, tuple[str, ...]] = {
    "lead": ("user_id", "anonymous_id"),
    "event": ("event", "type"),
    "occurred_at": ("timestamp", "original_timestamp"),
}


class How(StrEnum):
    """How a column was found."""

    GIVEN = "given"
    EXACT = "exact"
    SYNONYM = "synonym"
    FUZZY = "fuzzy"

    def says(self, language: Language) -> str:
        """The way in a few words."""
        return say(f"files.how.{self.value}", language)


@dataclass(frozen=True, slots=True)
class Guess:
    """Our `name` is read from these columns; the first that is filled in counts."""

    name: str
    columns: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Guesses:
    """What was made of a file's columns.

    Attributes:
        found: our names with their columns.
        absent: our names that no column has.
        unmapped: columns that are none of our names.
        rivals: columns that could each be the lead's key, when none of them is better.
    """

    found: tuple[Guess, ...]
    absent: tuple[str, ...]
    unmapped: tuple[str, ...]
    rivals: tuple[str, ...] = ()

    def columns_of(self, name: str) -> tuple[str, ...]:
        """The columns of our `name`; none when it is absent."""
        return next((guess.columns for guess in self.found if guess.name == name), ())


def guess_leads(
    columns: Sequence[str],
    *,
    fields: Iterable[str],
    given: Mapping[str, tuple[str, ...]] | None = None,
) -> Guesses:
    """Guess the columns of a leads file: the key `lead` and the agreement's fields.

    Args:
        columns: the names of the file's columns.
        fields: the names of the agreement's fields.
        given: what the mapping file says, which counts before any guess; an empty tuple
            says that no column is meant.
    """
    given = given or {}
    key, rivals = _guess_key(columns, LEAD_KEYS, given)
    taken = {column for guess in key for column in guess.columns if not _is_email(column)}
    names = [name for name in fields if name != "lead"]
    names += [name for name in given if name not in {"lead", *names}]
    found = _guess_names(columns, {name: SYNONYMS.get(name, ()) for name in names}, given, taken)
    return _guesses(columns, ["lead", *names], (*key, *found), rivals)


def guess_events(
    columns: Sequence[str],
    *,
    properties: Iterable[str],
    given: Mapping[str, tuple[str, ...]] | None = None,
) -> Guesses:
    """Guess the columns of an events file: its own ones and the properties that rules need.

    Arguments are as those of `guess_leads`. Columns of Segment's clients come in pairs
    (`userId` and `anonymousId`), of which the first that is filled in counts.
    """
    given = given or {}
    key, rivals = _guess_key(columns, EVENT_LEAD_KEYS, given)
    taken = {column for guess in key for column in guess.columns}
    own = _guess_names(columns, EVENT_COLUMNS, given, taken)
    taken |= {column for guess in own for column in guess.columns}
    names = [name for name in properties if name not in {"lead", *EVENT_COLUMNS}]
    found = _guess_names(columns, {name: SYNONYMS.get(name, ()) for name in names}, given, taken)
    paired = tuple(_paired(guess, columns) for guess in (*key, *own))
    return _guesses(columns, ["lead", *EVENT_COLUMNS, *names], (*paired, *found), rivals)


def _guess_key(
    columns: Sequence[str], tiers: Sequence[tuple[str, ...]], given: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[Guess, ...], tuple[str, ...]]:
    if "lead" in given:
        return (Guess("lead", given["lead"], How.GIVEN),) if given["lead"] else (), ()
    if together := _together("lead", columns):
        return (Guess("lead", together, How.SYNONYM),), ()
    for tier in tiers:
        found = tuple(
            column for column in columns if any(name in tier for name in readings(column))
        )
        if len(found) > 1 and (exact := tuple(name for name in found if name == "lead")):
            found = exact
        if len(found) > 1:
            return (), found
        if found:
            how = How.EXACT if found[0].lower() == "lead" else How.SYNONYM
            return (Guess("lead", found, how),), ()
    return (), ()


def _guess_names(
    columns: Sequence[str],
    names: Mapping[str, tuple[str, ...]],
    given: Mapping[str, tuple[str, ...]],
    taken: set[str],
) -> tuple[Guess, ...]:
    found = {name: Guess(name, given[name], How.GIVEN) for name in names if given.get(name)}
    free = [name for name in names if name not in given]
    used = taken | {column for guess in found.values() for column in guess.columns}
    for how in (How.EXACT, How.SYNONYM, How.FUZZY):
        for name in free:
            if name in found:
                continue
            open_columns = [column for column in columns if column not in used]
            if column := _best(name, names[name], open_columns, how):
                found[name] = Guess(name, (column,), how)
                used.add(column)
    return tuple(found[name] for name in names if name in found)


def _best(name: str, synonyms: Sequence[str], columns: Sequence[str], how: How) -> str | None:
    if how is How.FUZZY:
        return _likest([plain(name), *synonyms], columns)
    wanted = [plain(name)] if how is How.EXACT else list(synonyms)
    ranked = [
        (wanted.index(reading), depth, _wrapper(column), position, column)
        for position, column in enumerate(columns)
        for depth, reading in enumerate(readings(column))
        if reading in wanted
    ]
    return min(ranked)[-1] if ranked else None


def _likest(names: Sequence[str], columns: Sequence[str]) -> str | None:
    ranked = [
        (difflib.SequenceMatcher(None, name, reading).ratio(), -position, column)
        for position, column in enumerate(columns)
        for reading in readings(column)
        for name in names
        if min(len(name), len(reading)) >= SHORTEST_LIKENESS
    ]
    best = max(ranked, default=None)
    return best[-1] if best and best[0] >= LIKENESS else None


def _wrapper(column: str) -> int:
    steps = tuple(plain(step) for step in column.split("."))
    matching = (rank for rank, wrapper in enumerate(WRAPPERS) if steps[: len(wrapper)] == wrapper)
    return next(matching, 0)


def _together(name: str, columns: Sequence[str]) -> tuple[str, ...]:
    by_plain = {plain(column): column for column in reversed(columns)}
    pair = TOGETHER.get(name, ())
    return tuple(by_plain[part] for part in pair) if all(part in by_plain for part in pair) else ()


def _paired(guess: Guess, columns: Sequence[str]) -> Guess:
    together = _together(guess.name, columns) if guess.name in TOGETHER else ()
    if guess.how is How.GIVEN or not together or guess.columns[0] not in together:
        return guess
    return Guess(guess.name, together, guess.how)


def _guesses(
    columns: Sequence[str],
    names: Sequence[str],
    found: tuple[Guess, ...],
    rivals: tuple[str, ...],
) -> Guesses:
    used = {column for guess in found for column in guess.columns}
    known = {guess.name for guess in found}
    return Guesses(
        found,
        tuple(name for name in names if name not in known),
        tuple(column for column in columns if column not in used),
        rivals,
    )


def _is_email(column: str) -> bool:
    return any(name in LEAD_KEYS[4] for name in readings(column))
