"""Faults of a mapping file, each with its line, what was found and the remedy."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import yaml

from passerelle.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel, ValidationError

CODES = {
    "extra_forbidden": "unknown_key",
    "literal_error": "not_one_of",
    "missing": "missing_key",
    "dict_type": "not_a_table",
    "model_type": "not_a_table",
    "model_attributes_type": "not_a_table",
    "string_type": "not_a_text",
    "tuple_type": "not_a_list",
    "unknown_timezone": "unknown_timezone",
    "unknown_encoding": "unknown_encoding",
}


@dataclass(frozen=True, slots=True)
class MappingFault:
    """One fault: where, which (`files.mapping.<code>`), what was found, what may stand there."""

    line: int
    place: str
    code: str
    found: str
    known: str = ""

    def says(self, language: Language) -> str:
        """The fault and its remedy as one line."""
        return say(
            f"files.mapping.{self.code}",
            language,
            line=self.line,
            place=self.place,
            found=self.found,
            known=self.known,
        )


def faults_of(
    fault: ValidationError, *, node: yaml.Node | None, model: type[BaseModel]
) -> list[MappingFault]:
    """Pydantic's faults as ours, with the lines of the YAML document."""
    faults = []
    for error in fault.errors():
        code = CODES[error["type"]]
        # pydantic adds the branch it tried of a union; only steps of the document are a place
        steps, line = _place(node, error["loc"])
        found = "" if code == "missing_key" else str(error["input"])
        known = ""
        if code == "unknown_key":
            found = str(error["loc"][-1])
            known = _nearest(found, steps, model)
        elif code == "not_one_of":
            known = str(error["ctx"]["expected"])
        elif code == "missing_key":
            found = str(error["loc"][-1])
        faults.append(MappingFault(line, ".".join(steps), code, found, known))
    return faults


def _place(node: yaml.Node | None, location: Sequence[str | int]) -> tuple[list[str], int]:
    steps: list[str] = []
    line = node.start_mark.line + 1 if node else 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                continue
            line = found[-1][0].start_mark.line + 1
            node = found[-1][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1 if node else line
        else:
            continue
        steps.append(str(step))
    return steps, line


def _nearest(found: str, steps: list[str], model: type[BaseModel]) -> str:
    keys = _keys(model)
    if len(steps) > 1:
        inner = get_args(model.model_fields[steps[0]].annotation)[-1]
        keys = _keys(inner)
    near = difflib.get_close_matches(found.lower(), keys, n=1, cutoff=0.6)
    return near[0] if near else ", ".join(keys)


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
