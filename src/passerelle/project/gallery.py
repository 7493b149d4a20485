"""Agreements by path, or by name from the gallery that Passerelle brings along."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from passerelle.core.agreement import Agreement
from passerelle.core.faults import Fault, InvalidAgreement
from passerelle.core.reading import read_agreement
from passerelle.files.gallery import gallery, gallery_folder
from passerelle.project.failures import Refused

__all__ = [
    "WrongAgreement",
    "find_agreement",
    "gallery",
    "gallery_folder",
    "load_agreement",
    "read_text",
]


class WrongAgreement(Exception):
    """The file at `path` is no agreement; `faults` holds everything that is wrong with it."""

    def __init__(self, path: Path, faults: tuple[Fault, ...]) -> None:
        super().__init__(path, faults)
        self.path, self.faults = path, faults


def find_agreement(name: str) -> Path:
    """The file of that path; where there is none, the agreement of that name in the gallery.

    Raises:
        Refused: there is neither.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    known = gallery()
    if name in known:
        return known[name]
    if path.is_dir():
        raise Refused("cli.refused.agreement_is_folder", path=name)
    beside = [file.name for file in _beside(path)]
    near = get_close_matches(path.name, [*beside, *known], n=1, cutoff=0.7)
    if near:
        found = near[0] if near[0] in known else str(path.with_name(near[0]))
        raise Refused("cli.refused.agreement_misspelt", path=name, near=found)
    raise Refused("cli.refused.no_agreement", path=name, known=", ".join(known))


def load_agreement(name: str) -> Agreement:
    """The agreement at a path, or of a name in the gallery.

    Raises:
        Refused: there is none, or it cannot be read as text.
        WrongAgreement: it is no agreement, with every fault at once.
    """
    path = find_agreement(name)
    try:
        return read_agreement(read_text(path))
    except InvalidAgreement as invalid:
        raise WrongAgreement(path, invalid.faults) from invalid


def read_text(path: Path) -> str:
    """The text of an agreement's file.

    Raises:
        Refused: it cannot be read, or is no UTF-8 text.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused("cli.refused.agreement_encoding", path=str(path)) from fault
    except OSError as fault:
        detail = fault.strerror or str(fault)
        raise Refused("cli.refused.agreement_unreadable", path=str(path), detail=detail) from fault


def _beside(path: Path) -> list[Path]:
    try:
        return [file for file in path.parent.iterdir() if file.is_file()]
    except OSError:
        return []
