"""The files that a user's paths and patterns name, or what is wrong with them."""

from __future__ import annotations

import difflib
import glob
from pathlib import Path
from typing import TYPE_CHECKING

from passerelle.files.problems import FileProblem, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable


def find_files(patterns: Iterable[str]) -> tuple[Path, ...]:
    """The files that paths and glob patterns name, each once, a pattern's in order of name.

    Raises:
        FileProblem: one is missing, a directory or empty, or a pattern matches nothing.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        try:
            for path in _matching(pattern):
                _require_file(path)
                found[path] = None
        except (OSError, RuntimeError) as fault:  # a name too long, the home of nobody
            raise FileProblem(Problem.NO_SUCH_FILE, path=pattern) from fault
    return tuple(found)


def label_files(paths: tuple[Path, ...]) -> tuple[str, ...]:
    """A short name for each file: its own, or its path where two have the same name."""
    names = [path.name for path in paths]
    return tuple(path.as_posix() if names.count(path.name) > 1 else path.name for path in paths)


def _matching(pattern: str) -> list[Path]:
    path = Path(pattern).expanduser()
    if path.exists() or not glob.has_magic(pattern):
        return [path]
    matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - a pattern may be absolute
    files = [Path(match) for match in matches if not Path(match).is_dir()]
    if not files:
        raise FileProblem(Problem.NO_MATCH, pattern=pattern)
    return files


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise FileProblem(Problem.DIRECTORY, path=str(path))
    if not path.exists():
        if near := _nearest(path):
            raise FileProblem(Problem.MISSPELT_FILE, path=str(path), near=near)
        raise FileProblem(Problem.NO_SUCH_FILE, path=str(path))
    try:
        with path.open("rb") as file:
            first = file.read(1)
    except PermissionError as fault:
        raise FileProblem(Problem.NOT_PERMITTED, path=str(path)) from fault
    except OSError as fault:
        raise FileProblem(
            Problem.UNREADABLE, path=str(path), detail=fault.strerror or str(fault)
        ) from fault
    if not first:
        raise FileProblem(Problem.EMPTY, path=str(path))


def _nearest(path: Path) -> tuple[str, ...]:
    if not path.parent.is_dir():
        return ()
    beside = [other.name for other in path.parent.iterdir()]
    return tuple(difflib.get_close_matches(path.name, beside, n=3, cutoff=0.6))
