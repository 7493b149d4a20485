"""The YAML of an agreement: plain values, with the faults that come before any meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from passerelle.core.faults import Fault, InvalidAgreement, Path

_BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST = 1_000_000
_DEEPEST = 30
_LONGEST_INTEGER = 1_000


@dataclass(frozen=True, slots=True)
class Document:
    """A document as composed: its nodes, its plain values, and the faults found so far."""

    root: yaml.MappingNode
    value: dict[str, Any]
    faults: tuple[Fault, ...]


class _Loader(_BASE):  # type: ignore[misc, valid-type]  # the C loader exists only where libyaml does
    """YAML 1.2's scalars: only true and false are truths, 010 is ten, and 9:30 is a text."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _expression, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_expression})\Z"), list(_first)
    )


def read_document(text: str) -> Document:
    """The document in `text`, with its duplicate keys as faults.

    Raises:
        InvalidAgreement: the text cannot be read as one table of plain values.
    """
    if len(text) > _LONGEST:
        raise InvalidAgreement((Fault("too_long", (), 1, data={"most": _LONGEST}),))
    try:
        if faults := tuple(_unwelcome(text)):
            raise InvalidAgreement(faults)
        root = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        raise InvalidAgreement((_yaml_fault(error, text),)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InvalidAgreement((Fault("control_character", (), line),)) from None
    except (yaml.YAMLError, ValueError):
        raise InvalidAgreement((Fault("control_character", (), 1),)) from None
    if not isinstance(root, yaml.MappingNode):
        raise InvalidAgreement((Fault("not_a_document", (), 1),))
    return Document(root, _plain(root), tuple(_key_faults(root)))


def _unwelcome(text: str) -> Iterator[Fault]:
    """Aliases, tags and bottomless nesting: nobody who writes an agreement means them."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            yield Fault("too_deep", (), line, data={"most": _DEEPEST})
            return
        if isinstance(event, yaml.AliasEvent):
            yield Fault("alias", (), line, f"*{event.anchor}")
        elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
            yield Fault("tag", (), line, event.tag.replace("tag:yaml.org,2002:", "!!"))


def _yaml_fault(error: yaml.MarkedYAMLError, text: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    context, problem = error.context or "", error.problem or ""
    if "scanning an alias" in context:
        column = error.context_mark.column if error.context_mark else 0
        rest = text.split("\n")[line - 1][column:]
        return Fault("alias", (), line, re.split(r"[,\]}]", rest)[0])
    for words, code in _PROBLEMS:
        if words in problem or words in context:
            opened = error.context_mark.line + 1 if error.context_mark else line
            return Fault(code, (), line, data={"opened": opened})
    return Fault("not_yaml", (), line, data={"problem": problem})


_PROBLEMS = (
    ("another document", "two_documents"),
    ("mapping values are not allowed", "colon_in_text"),
    ("cannot start any token", "sign_in_front"),
    ("quoted scalar", "quote_left_open"),
    ("flow sequence", "bracket_left_open"),
    ("flow mapping", "bracket_left_open"),
    ("block mapping", "badly_indented"),
    ("block collection", "badly_indented"),
    ("block sequence", "badly_indented"),
)
"""What the YAML parser says, and our code for it."""


def _plain(node: yaml.Node) -> Any:
    match node:
        case yaml.MappingNode():
            return {str(key.value): _plain(value) for key, value in node.value if _is_name(key)}
        case yaml.SequenceNode():
            return [_plain(item) for item in node.value]
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text) if len(text) < _LONGEST_INTEGER else Decimal(text)
        case "float":
            return float(text)
        case "null":
            return None
    return text


def _is_name(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode)


def _key_faults(node: yaml.Node, path: Path = ()) -> Iterator[Fault]:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _key_faults(item, (*path, index))
    if isinstance(node, yaml.MappingNode):
        first_lines: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not _is_name(key):
                yield Fault("key_is_no_name", path, line)
                continue
            name = str(key.value)
            if name in first_lines:
                data = {"first_line": first_lines[name]}
                yield Fault("duplicate_key", (*path, name), line, name, data)
            first_lines.setdefault(name, line)
            yield from _key_faults(value, (*path, name))
