"""The arguments and options that several commands share; their words are put in by `main`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

MEMORY = re.compile(r"\d+(\.\d+)?\s*([KMGT]i?B|%)", re.IGNORECASE)

Dialect = Literal["duckdb", "spark", "clickhouse", "postgres", "bigquery", "snowflake"]
FileFormat = Literal["parquet", "csv", "jsonl"]
Language = Literal["fr", "en"]


def _as_memory(text: str) -> str:
    if not MEMORY.fullmatch(text.strip()):
        raise typer.BadParameter(f"'{text}' is not a size")
    return text.strip()


LeadsArgument = Annotated[str, typer.Argument(metavar="LEADS", help="cli.option.leads")]
EventsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="EVENTS", help="cli.option.events")
]
LeadArgument = Annotated[str, typer.Argument(metavar="LEAD", help="cli.option.lead")]
AgreementOption = Annotated[
    str, typer.Option("--agreement", "-a", metavar="FILE", help="cli.option.agreement")
]
AgreementArgument = Annotated[str, typer.Argument(metavar="AGREEMENT", help="cli.option.agreement")]
AsOfOption = Annotated[str, typer.Option("--as-of", metavar="T", help="cli.option.as_of")]
KnownAtOption = Annotated[
    str | None, typer.Option("--known-at", metavar="T", help="cli.option.known_at")
]
MapOption = Annotated[str | None, typer.Option("--map", metavar="FILE", help="cli.option.map")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")]
RejectsOption = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help="cli.option.rejects")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="cli.option.strict")]
JsonOption = Annotated[bool, typer.Option("--json", help="cli.option.json")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="cli.option.quiet")]
MemoryOption = Annotated[
    str,
    typer.Option("--memory", metavar="SIZE", parser=_as_memory, help="cli.option.memory"),
]
