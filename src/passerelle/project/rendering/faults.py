"""The faults of an agreement, each with its place, what was found, and the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from passerelle.core.faults import Fault
from passerelle.words import Language, say


def faults_in_words(path: Path, faults: Sequence[Fault], language: Language) -> Iterator[str]:
    """How many there are, then a line each, in the order of the document."""
    yield say("cli.check.faults", language, path=path, n=len(faults))
    for fault in faults:
        told = say("cli.check.fault", language, line=fault.line, says=fault.says(language))
        yield f"  {told}"
