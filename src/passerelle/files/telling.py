"""What a load did, told in sentences: how columns were read, what was left out, what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passerelle.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from passerelle.files.columns import Rows
    from passerelle.files.loaded import Loaded, LoadedRows, ReadFile

MOST_FILES = 20


def tell_load(loaded: Loaded, *, language: Language) -> tuple[str, ...]:
    """The account of one load, a sentence a line, for a terminal or a report."""
    return tuple(_sentences(loaded, language))


def _sentences(loaded: Loaded, language: Language) -> Iterator[str]:
    for rows, account in loaded.mapping.items():
        yield from _account(rows, account, language)
    if loaded.unmapped:
        yield say("files.told.unmapped", language, names=", ".join(loaded.unmapped))
    for count in loaded.rejected.counts:
        yield say(
            "files.told.rejected",
            language,
            rows=_rows(count.rows, language),
            n=count.n,
            reason=count.reason.says(language),
            action=count.action.says(language),
        )
    if loaded.aside_count:
        yield say("files.told.aside", language, n=loaded.aside_count, leads=loaded.unknown_leads)
    if loaded.identical_events:
        yield say("files.told.identical", language, n=loaded.identical_events)
    if loaded.made_ids:
        yield say("files.told.made_ids", language, n=loaded.made_ids)
    if loaded.counted_events:
        yield say("files.told.counted", language, n=loaded.counted_events)
    yield say("files.told.totals", language, leads=loaded.lead_count, events=loaded.event_count)
    if loaded.first_event_at and loaded.last_event_at:
        first, last = (
            f"{at:%Y-%m-%d %H:%M}" for at in (loaded.first_event_at, loaded.last_event_at)
        )
        yield say("files.told.span", language, first=first, last=last)


def _account(rows: Rows, account: LoadedRows, language: Language) -> Iterator[str]:
    told = None
    for file in account.files[:MOST_FILES]:
        yield _file(file, language)
        if file.columns != told:
            told = file.columns
            for guess in told.found:
                yield "  " + say(
                    "files.told.column",
                    language,
                    name=guess.name,
                    columns=", ".join(guess.columns),
                    how=guess.how.says(language),
                )
    if (more := len(account.files) - MOST_FILES) > 0:
        yield say("files.told.more_files", language, n=more, rows=_rows(rows, language))
    for writing in account.writings:
        if writing.dates:
            written = say(f"files.told.dates_{writing.dates}", language)
            yield "  " + say("files.told.writing", language, column=writing.column, written=written)
        if writing.decimal == "comma":
            written = say("files.told.decimal_comma", language)
            yield "  " + say("files.told.writing", language, column=writing.column, written=written)
    if account.absent:
        yield say(
            "files.told.absent",
            language,
            rows=_rows(rows, language),
            names=", ".join(account.absent),
        )


def _file(file: ReadFile, language: Language) -> str:
    facts = {
        "label": file.label,
        "rows": _rows(file.rows, language),
        "format": file.format,
        "n": file.row_count,
    }
    if file.encoding is None:
        return say("files.told.parquet_file", language, **facts)
    return say("files.told.text_file", language, **facts, encoding=file.encoding)


def _rows(rows: Rows, language: Language) -> str:
    return say(f"files.told.rows_{rows}", language)
