"""Structured logs, for people or for programs, without personal data."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

from passerelle.project.configuration import Configuration

Line = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

PERSONAL = frozenset(
    {
        "email", "name", "first_name", "last_name", "phone", "ip", "user", "username", "user_id",
        "anonymous_id", "userid", "anonymousid", "traits", "properties", "context", "address",
        "password", "token", "key", "cookie", "authorization", "request", "sql", "params",
    }
)  # fmt: skip
"""What is said under these names is left out, whatever it is."""

_DETAIL = re.compile(r"^\s*(?:DETAIL|CONTEXT|HINT|Failing row)\b.*$", re.MULTILINE)
_QUERY = re.compile(r"\?[^\s\"']+")
_MASKS = (
    (_DETAIL, "…"),  # PostgreSQL quotes the row there
    (re.compile(r"[^\s@<>\"'=:;,()\[\]{}]+@[^\s@<>\"'=;,()\[\]{}]+"), "<e-mail>"),
    (re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"), "<ip>"),
    (re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}(?![\w:])"), "<ip>"),
    (re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:)+:[0-9a-fA-F:.]*(?![\w:])"), "<ip>"),
    (re.compile(r"\+\d[\d \-.()]{7,}\d"), "<phone>"),
)


def set_up_logs(how: Configuration, *, stream: TextIO | None = None) -> None:
    """Send everything that is logged, here and in libraries, through one formatter."""
    stream = stream or sys.stderr
    as_json = how.log_format == "json" or (how.log_format == "auto" and not stream.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        leave_personal_data_out,
    ]
    drawn: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, drawn],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(how.log_level.upper())
    for chatty in ("_granian", "granian", "asyncio", "urllib3"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def leave_personal_data_out(_logger: object, _method: str, line: Line) -> Line:
    """Drop what is personal by its name, mask what looks so in text, shorten exceptions."""
    if fault := _exception(line.pop("exc_info", None)):
        line["exception"] = fault
    for name in list(line):
        if name.lower() in PERSONAL:
            line[name] = "<left out>"
        elif name not in {"timestamp", "level", "logger", "exception"} and not name.startswith("_"):
            line[name] = _masked(line[name])
    return line


def masked(text: str) -> str:
    """The text without addresses, phone numbers and what stands behind a question mark."""
    text = text.replace("%40", "@")
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return _QUERY.sub("?…", text)


def _masked(value: object) -> object:
    match value:
        case str():
            return masked(value)
        case bool() | int() | float() | None:
            return value
        case dict():
            return {
                key: "<left out>" if str(key).lower() in PERSONAL else _masked(inner)
                for key, inner in value.items()
            }
        case list() | tuple():
            return [_masked(inner) for inner in value]
        case _:
            return masked(str(value))


def _exception(told: object) -> dict[str, Any] | None:
    """What happened and where; not its message, which quotes rows, queries and requests."""
    match told:
        case BaseException() as fault:
            pass
        case (_, BaseException() as fault, _):
            pass
        case True:
            found = sys.exc_info()[1]
            if found is None:
                return None
            fault = found
        case _:
            return None
    return {"kind": type(fault).__name__, "at": _frames(fault), "because": _causes(fault)}


def _frames(fault: BaseException) -> list[str]:
    frames = traceback.extract_tb(fault.__traceback__)
    return [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-12:]]


def _place(filename: str) -> str:
    for folder in ("/site-packages/", "/src/"):
        if folder in filename:
            return filename.rpartition(folder)[2]
    return filename.rpartition("/")[2]


def _causes(fault: BaseException) -> list[str]:
    found: list[str] = []
    cause = fault.__cause__ or fault.__context__
    while cause is not None and len(found) < 5:
        found.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return found
