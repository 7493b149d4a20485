"""The keys that the source asks for: as they stand, or as patterns where a part is filled in."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.outside import CHECKOUT

SOURCE = CHECKOUT / "src" / "passerelle"


@dataclass(frozen=True, slots=True)
class Said:
    """One call of `say` with its key written out; `data` is None where it is handed over whole."""

    place: str
    key: str
    data: frozenset[str] | None


def said() -> Iterator[Said]:
    """Every call of `say` in the source whose key is a plain string."""
    for path, tree in _trees():
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Name(id="say") | ast.Attribute(attr="say"),
                    args=[ast.Constant(value=str(key)), *_],
                    keywords=keywords,
                ):
                    yield Said(f"{path}:{node.lineno}", key, _names(keywords))


def mentions() -> Iterator[re.Pattern[str]]:
    """Every string of the source that could be a key, an f-string's holes standing for anything."""
    for _, tree in _trees():
        for node in ast.walk(tree):
            match node:
                case ast.Constant(value=str(text)) if re.fullmatch(r"\w+(\.\w+)+", text):
                    yield re.compile(re.escape(text))
                case ast.JoinedStr(values=[ast.Constant(value=str(start)), *rest]) if re.match(
                    r"\w+\.", start
                ):
                    yield re.compile(re.escape(start) + "".join(map(_pattern, rest)))
    for path in SOURCE.rglob("*.html*"):
        for key in re.findall(r"\w+(?:\.\w+)+", path.read_text("utf-8")):
            yield re.compile(re.escape(key))


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(CHECKOUT), ast.parse(path.read_text("utf-8"))


def _names(keywords: list[ast.keyword]) -> frozenset[str] | None:
    names = [keyword.arg for keyword in keywords]
    return None if None in names else frozenset(name for name in names if name)


def _pattern(part: ast.expr) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case _:
            return ".+"
