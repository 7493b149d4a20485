"""Where a part of the agreement stands in its document: path, line, and what is written there."""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from pydantic_core import PydanticCustomError

from passerelle.core.duties import parse_weekdays
from passerelle.core.faults import Path
from passerelle.core.rules import RULE_KINDS


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the document: the path as far as it is written, the line (from 1), the node."""

    path: Path
    line: int
    node: yaml.Node

    @property
    def written(self) -> str:
        """What stands there: the scalar, or the scalars and keys of a list or table."""
        if isinstance(self.node, yaml.ScalarNode):
            return str(self.node.value)
        if isinstance(self.node, yaml.MappingNode):
            items = [key for key, _ in self.node.value]
        else:
            items = self.node.value
        return ", ".join(str(item.value) for item in items if isinstance(item, yaml.ScalarNode))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written there."""
        return not self.node.value


def place_of(root: yaml.Node, path: Path) -> Place:
    """The deepest place of `path` that is written; parts that only the model knows are skipped."""
    place = Place((), root.start_mark.line + 1, root)
    for part in path:
        place = _below(place, part) or place
    return place


def without_kind(path: Path) -> Path:
    """The validator's path without the kind that it adds behind the number of a rule."""
    if len(path) > 2 and path[0] == "rules" and path[2] in RULE_KINDS:
        return (*path[:2], *path[3:])
    return path


def _below(place: Place, part: str | int) -> Place | None:
    node = place.node
    if isinstance(node, yaml.SequenceNode):
        if not isinstance(part, int) or part >= len(node.value):
            return None
        item = node.value[part]
        return Place((*place.path, part), item.start_mark.line + 1, item)
    if not isinstance(node, yaml.MappingNode):
        return None
    if isinstance(part, int):
        named = node.value[part : part + 1]
    else:
        named = [pair for pair in node.value if pair[0].value == part]
        named = named or [pair for pair in node.value if _covers(pair[0].value, part)]
    if not named:
        return None
    key, value = named[-1]
    return Place((*place.path, str(key.value)), key.start_mark.line + 1, value)


def _covers(days: object, day: str) -> bool:
    """Whether the key, such as `mon-fri`, stands for that weekday."""
    try:
        return day in parse_weekdays(str(days))
    except PydanticCustomError:
        return False
