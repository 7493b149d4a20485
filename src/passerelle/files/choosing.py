"""The columns of each file chosen by mapping and guess, or what the user has to write."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from passerelle.files.guessing import Guesses, guess_events, guess_leads
from passerelle.files.problems import FileProblem, Problem
from passerelle.files.staging import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from passerelle.files.columns import CellType
    from passerelle.files.sources import Source

Given = dict[str, tuple[str, ...]]


def choose_lead_columns(
    sources: Sequence[Source], *, fields: Iterable[str], given: Mapping[str, tuple[str, ...]]
) -> list[Guesses]:
    """What each leads file's columns are.

    Raises:
        FileProblem: a file has no key or two, or lacks a column that the mapping names.
    """
    known = list(fields)
    _require_given(sources, given)
    chosen = _choose(
        sources, given, lambda columns, here: guess_leads(columns, fields=known, given=here)
    )
    for source, guesses in zip(sources, chosen, strict=True):
        _require_key(source, guesses, "leads")
    return chosen


def choose_event_columns(
    sources: Sequence[Source], *, properties: Iterable[str], given: Mapping[str, tuple[str, ...]]
) -> list[Guesses]:
    """What each events file's columns are.

    Raises:
        FileProblem: a file lacks its key, the event's name or its time, or a mapped column.
    """
    known = list(properties)
    _require_given(sources, given)
    chosen = _choose(
        sources, given, lambda columns, here: guess_events(columns, properties=known, given=here)
    )
    for source, guesses in zip(sources, chosen, strict=True):
        _require_key(source, guesses, "events")
        for name, problem in (
            ("event", Problem.NO_EVENT_COLUMN),
            ("occurred_at", Problem.NO_TIME_COLUMN),
        ):
            if not guesses.columns_of(name):
                raise FileProblem(
                    problem,
                    path=str(source.path),
                    columns=source.columns,
                    example=_yaml((guesses.unmapped or source.columns)[0]),
                )
    return chosen


def wanted(name: str, cell: CellType, chosen: Sequence[Guesses]) -> Wanted:
    """Our `name` as a column to stage."""
    return Wanted(name, cell, tuple(guesses.columns_of(name) for guesses in chosen))


def require_columns(sources: Sequence[Source], names: Iterable[str]) -> None:
    """See that each of the columns that the mapping names is in a file.

    Raises:
        FileProblem: one is in none of them.
    """
    columns = tuple(dict.fromkeys(column for source in sources for column in source.columns))
    for name in names:
        if name not in columns:
            near = difflib.get_close_matches(name, columns, n=3, cutoff=0.5)
            raise FileProblem(
                Problem.MAPPED_COLUMN_ABSENT,
                path=", ".join(source.label for source in sources[:3]),
                column=name,
                near=tuple(near) or columns,
            )


def _require_given(sources: Sequence[Source], given: Mapping[str, tuple[str, ...]]) -> None:
    for columns in given.values():
        require_columns(sources, columns)


def _choose(
    sources: Sequence[Source],
    given: Mapping[str, tuple[str, ...]],
    guess: Callable[[Sequence[str], Given], Guesses],
) -> list[Guesses]:
    known: dict[tuple[str, ...], Guesses] = {}
    for source in sources:
        if source.columns not in known:
            known[source.columns] = guess(source.columns, _given_here(source, given))
    return [known[source.columns] for source in sources]


def _given_here(source: Source, given: Mapping[str, tuple[str, ...]]) -> Given:
    here: Given = {}
    for name, columns in given.items():
        present = tuple(column for column in columns if column in source.columns)
        if present or not columns:
            here[name] = present
    return here


def _require_key(source: Source, guesses: Guesses, rows: str) -> None:
    if guesses.rivals:
        raise FileProblem(
            Problem.TWO_LEAD_COLUMNS,
            path=str(source.path),
            columns=guesses.rivals,
            rows=rows,
            example=_yaml(guesses.rivals[0]),
        )
    if not guesses.columns_of("lead"):
        raise FileProblem(
            Problem.NO_LEAD_COLUMN,
            path=str(source.path),
            columns=source.columns,
            rows=rows,
            example=_yaml(_likeliest_key(source.columns)),
        )


def _likeliest_key(columns: tuple[str, ...]) -> str:
    near = difflib.get_close_matches("lead_id", columns, n=1, cutoff=0.4)
    return near[0] if near else columns[0]


def _yaml(name: str) -> str:
    if name.replace(" ", "").replace("_", "").isalnum():
        return name
    return "'" + name.replace("'", "''") + "'"
