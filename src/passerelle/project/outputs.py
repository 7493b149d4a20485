"""The files that a run is to write, looked at before the work begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

from passerelle.files import FileProblem, Problem
from passerelle.files.writing import FORMATS
from passerelle.project.failures import Refused


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files to write, each only if asked for."""

    out: Path | None = None
    ledger: Path | None = None
    rejects: Path | None = None
    report: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Those that were asked for."""
        return tuple(path for path in astuple(self) if path is not None)


def refuse_impossible(outputs: Outputs, *, inputs: Iterable[str]) -> None:
    """Refuse now what could not be written after minutes of work.

    Raises:
        FileProblem, Refused: a path has no folder, no known suffix, or holds what is to be read.
    """
    read = {Path(name).expanduser().resolve() for name in inputs}
    seen: set[Path] = set()
    for path in outputs.paths:
        if path.is_dir():
            raise FileProblem(Problem.TARGET_IS_DIRECTORY, path=str(path))
        if not path.parent.is_dir():
            raise FileProblem(Problem.NO_DIRECTORY, path=str(path), directory=str(path.parent))
        if path.resolve() in read:
            raise Refused("cli.refused.over_input", path=path)
        if path.resolve() in seen:
            raise Refused("cli.refused.same_target", path=path)
        seen.add(path.resolve())
        suffix = path.with_suffix("").suffix if path.suffix.lower() == ".gz" else path.suffix
        if path == outputs.report:
            if suffix.lower() not in {".html", ".htm"}:
                raise Refused("cli.refused.report_suffix", path=path)
        elif suffix.lower() not in FORMATS:
            raise FileProblem(Problem.UNKNOWN_SUFFIX, path=str(path), known=tuple(FORMATS))
