"""The mapping file: which column is what, said by the user where the guess is wrong."""

from __future__ import annotations

import codecs
from collections import Counter as Tally
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from passerelle.files.guessing import guess_events, guess_leads
from passerelle.files.mapping_faults import MappingFault, faults_of
from passerelle.files.problems import FileProblem, Problem

__all__ = ["Counter", "Mapping", "guess_events", "guess_leads", "read_mapping"]

DEPTH = 4  # no mapping goes deeper; an alias of itself would go on for ever
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def _columns(value: object) -> object:
    return () if value is None else (value,) if isinstance(value, str) else value


def _texts(value: object) -> object:
    return tuple(item for item in value if item is not None) if isinstance(value, list) else value


def _known_timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError) as fault:
        raise PydanticCustomError("unknown_timezone", "") from fault
    return value


def _known_encoding(value: str) -> str:
    try:
        return codecs.lookup(value).name
    except LookupError as fault:
        raise PydanticCustomError("unknown_encoding", "") from fault


def _delimiter(value: object) -> object:
    return DELIMITERS.get(value, value) if isinstance(value, str) else value


Columns = Annotated[tuple[str, ...], BeforeValidator(_columns)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Counter(_Part):
    """A column that counts: a cell of n becomes n events of that lead.

    Attributes:
        event: the name of the events.
        at: the column with their time; without it they happened at `as_of`.
        properties: properties that each of the events gets.
    """

    event: str
    at: str | None = None
    properties: dict[str, str] = Field(default_factory=dict, alias="with")


class Mapping(_Part):
    """What a mapping file says; everything is optional, what is not said is guessed.

    Attributes:
        leads, events: our name to the file's column (or columns: the first that is filled
            in counts); an empty value keeps a guess from being made.
        names: event names in the file to those of the agreement.
        values: field or property to cell in the file to value in the agreement.
        counters: lead columns that count events.
        missing: more cells that mean nothing was filled in.
        timezone: of the times without one; None leaves the agreement's.
        dates: how 03/04/2024 is meant.
        decimal: what stands before the decimals.
        delimiter, encoding: of text files; None leaves it to be found out.
    """

    leads: dict[str, Columns] = Field(default_factory=dict)
    events: dict[str, Columns] = Field(default_factory=dict)
    names: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    counters: dict[str, Counter] = Field(default_factory=dict)
    missing: Texts = ()
    timezone: Annotated[str, AfterValidator(_known_timezone)] | None = None
    dates: Literal["day_first", "month_first"] | None = None
    decimal: Literal["comma", "point"] | None = None
    delimiter: Annotated[Literal[",", ";", "\t", "|"], BeforeValidator(_delimiter)] | None = None
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None


def read_mapping(path: Path | str) -> Mapping:
    """Read a mapping file.

    Raises:
        FileProblem: it is not there, or holds faults; all of them are told, each with its line
            and remedy.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except FileNotFoundError as fault:
        raise FileProblem(Problem.NO_SUCH_FILE, path=str(path)) from fault
    except IsADirectoryError as fault:
        raise FileProblem(Problem.DIRECTORY, path=str(path)) from fault
    except PermissionError as fault:
        raise FileProblem(Problem.NOT_PERMITTED, path=str(path)) from fault
    except UnicodeDecodeError as fault:
        raise FileProblem(Problem.WRONG_ENCODING, path=str(path), encoding="UTF-8") from fault
    return parse_mapping(text, path=str(path))


def parse_mapping(text: str, *, path: str) -> Mapping:
    """The mapping that `text` says; `path` names it in what is told of its faults."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        _refuse(path, [MappingFault(line, "", "bad_yaml", fault.problem or "")])
    except yaml.YAMLError as fault:
        _refuse(path, [MappingFault(1, "", "bad_yaml", str(fault).splitlines()[0])])
    faults = _duplicates(node)
    mapping = Mapping()
    try:
        mapping = Mapping.model_validate({} if document is None else document)
    except ValidationError as fault:
        faults += faults_of(fault, node=node, model=Mapping)
    if faults:
        _refuse(path, faults)
    return mapping


class _Loader(yaml.SafeLoader):
    """YAML whose scalars are all texts, so that `Yes: page` and `2024-01-01` stay as written."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag == "tag:yaml.org,2002:null"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _refuse(path: str, faults: list[MappingFault]) -> NoReturn:
    told = tuple(sorted(faults, key=lambda fault: (fault.line, fault.place)))
    raise FileProblem(Problem.MAPPING_INVALID, path=path, n=len(told), faults=told) from None


def _duplicates(node: yaml.Node | None, place: str = "") -> list[MappingFault]:
    faults: list[MappingFault] = []
    if isinstance(node, yaml.MappingNode) and place.count(".") < DEPTH:
        seen: Tally[Any] = Tally()
        for key, value in node.value:
            here = f"{place}.{key.value}".lstrip(".")
            seen[key.value] += 1
            if seen[key.value] == 2:
                line = key.start_mark.line + 1
                faults.append(MappingFault(line, here, "duplicate_key", str(key.value)))
            faults += _duplicates(value, here)
    return faults
