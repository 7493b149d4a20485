"""An agreement read from its YAML text, or everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from passerelle.core.agreement import Agreement
from passerelle.core.checks import faults_of_sense
from passerelle.core.faults import FAULT_CODES, Fault, InvalidAgreement, Path
from passerelle.core.shape import nearest_key

_BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST = 1_000_000


class _Loader(_BASE):  # type: ignore[misc, valid-type]  # the C loader exists only where libyaml does
    """YAML 1.2's scalars: only true and false are truths, and 9:30 is a text."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _expression, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_expression})$"), list(_first)
    )


def read_agreement(text: str) -> Agreement:
    """The agreement written in `text`.

    Raises:
        InvalidAgreement: with every fault at once, each with path, line, value found and remedy.
    """
    root = _composed(text)
    faults = list(_duplicate_keys(root))
    agreement: Agreement | None = None
    try:
        agreement = Agreement.model_validate(_Loader("").construct_document(root))
    except ValidationError as error:
        faults += [_shape_fault(root, details) for details in error.errors(include_url=False)]
    if agreement is not None:
        faults += [_placed(root, fault) for fault in faults_of_sense(agreement)]
    if faults or agreement is None:
        raise InvalidAgreement(tuple(sorted(faults, key=lambda fault: fault.line)))
    return agreement


def _composed(text: str) -> yaml.Node:
    if len(text) > _LONGEST:
        raise InvalidAgreement((Fault("too_long", (), 1, data={"most": _LONGEST}),))
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, _Loader)):
            raise InvalidAgreement((Fault("alias", (), _alias_line(text)),))
        root = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        fault = Fault("not_yaml", (), line, data={"problem": error.problem or ""})
        raise InvalidAgreement((fault,)) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        fault = Fault("not_yaml", (), 1, data={"problem": str(error).splitlines()[0]})
        raise InvalidAgreement((fault,)) from None
    if not isinstance(root, yaml.MappingNode):
        raise InvalidAgreement((Fault("not_a_document", (), 1),))
    return root


def _alias_line(text: str) -> int:
    return next(
        event.start_mark.line + 1 if event.start_mark else 1
        for event in yaml.parse(text, _Loader)
        if isinstance(event, yaml.AliasEvent)
    )


def _duplicate_keys(node: yaml.Node, path: Path = ()) -> Iterator[Fault]:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _duplicate_keys(item, (*path, index))
    if isinstance(node, yaml.MappingNode):
        first_lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in first_lines:
                data = {"first_line": first_lines[name]}
                yield Fault("duplicate_key", (*path, name), line, name, data)
            first_lines.setdefault(name, line)
            yield from _duplicate_keys(value, (*path, name))


def _shape_fault(root: yaml.Node, details: ErrorDetails) -> Fault:
    kind, loc = details["type"], details["loc"]
    code = _CODES.get(kind) or (kind if kind in FAULT_CODES else "not_understood")
    path, node, line = _found(root, loc)
    data: dict[str, Any] = {**details.get("ctx", {}), "key": str(loc[-1]) if loc else ""}
    if code == "unknown_key":
        data["nearest"] = nearest_key(loc)
    if code == "missing_key":
        return Fault(code, (*path, str(loc[-1])), line, None, data)
    return Fault(code, path, line, _source(node), data)


def _placed(root: yaml.Node, fault: Fault) -> Fault:
    path, node, line = _found(root, fault.path)
    return replace(fault, path=path, line=line, found=fault.found or _source(node))


def _found(root: yaml.Node, loc: Path) -> tuple[Path, yaml.Node, int]:
    """The part of `loc` that is written in the document, its node and its line.

    Parts that only the model knows (the kind of a rule, gathered keys) are passed over.
    """
    node, line = root, 1
    path: Path = ()
    for part in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node, path = node.value[part], (*path, part)
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pairs = [(str(key.value), key, value) for key, value in node.value]
            if isinstance(part, int):
                pairs = pairs[part : part + 1]
            for name, key, value in pairs:
                if isinstance(part, int) or name == part:
                    node, path = value, (*path, name)
                    line = key.start_mark.line + 1
    return path, node, line


def _source(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    inside = node.value if isinstance(node, yaml.SequenceNode) else [key for key, _ in node.value]
    return ", ".join(str(item.value) for item in inside if isinstance(item, yaml.ScalarNode))


_CODES = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "string_type": "not_a_text",
    "string_too_short": "empty",
    "too_short": "empty",
    "string_pattern_mismatch": "not_a_key",
    "string_too_long": "not_a_key",
    "literal_error": "not_one_of",
    "bool_type": "not_a_truth",
    "bool_parsing": "not_a_truth",
    "int_type": "not_a_number",
    "int_parsing": "not_a_number",
    "int_from_float": "not_a_number",
    "decimal_type": "not_a_number",
    "decimal_parsing": "not_a_number",
    "finite_number": "not_a_number",
    "decimal_max_digits": "number_too_fine",
    "decimal_max_places": "number_too_fine",
    "decimal_whole_digits": "number_too_fine",
    "greater_than": "number_out_of_bounds",
    "greater_than_equal": "number_out_of_bounds",
    "less_than": "number_out_of_bounds",
    "less_than_equal": "number_out_of_bounds",
    "date_type": "not_a_date",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "date_from_datetime_inexact": "not_a_date",
    "dict_type": "not_a_table",
    "model_type": "not_a_table",
    "mapping_type": "not_a_table",
    "model_attributes_type": "not_a_table",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
}
"""Our code for each of the validator's own."""
