"""The rows of one block's event log while they are gathered: coded columns, −1 for no value."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from passerelle.demo.draws import Codes, Flags
from passerelle.demo.vocabulary import EVENT

PROPERTIES = (
    "content", "campaign", "channel", "source", "form", "seconds", "field", "value", "criterion",
    "met", "reason", "device", "delay",
)  # fmt: skip
COLUMNS = ("lead", "event", "at", *PROPERTIES)
Rows = dict[str, Codes]


@dataclass(frozen=True, slots=True)
class Log:
    """Collects rows from the rooms of the simulator; `values` holds the texts of field changes."""

    parts: list[Rows] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def add(
        self, event: str | Codes, /, *, lead: Codes, at: Codes, **properties: Codes | int
    ) -> None:
        """Add one row for each of `lead`, at the instants `at` (µs since 1970, UTC)."""
        code = EVENT[event] if isinstance(event, str) else event
        part: Rows = {"lead": lead, "at": at}
        for name, value in {"event": code, **properties}.items():
            part[name] = np.broadcast_to(np.asarray(value, dtype=np.int64), lead.shape)
        self.parts.append(part)

    def gather(self) -> Rows:
        """All rows so far, in the order in which they were added."""
        none: dict[int, Codes] = {}
        columns: Rows = {}
        for name in COLUMNS:
            pieces = []
            for part in self.parts:
                size = len(part["lead"])
                pieces.append(part[name] if name in part else none.setdefault(size, _nothing(size)))
            columns[name] = np.concatenate(pieces) if pieces else _nothing(0)
        return columns


def keep(rows: Rows, which: Flags | Codes) -> Rows:
    """The rows that `which` selects, by flag or by position."""
    return {name: column[which] for name, column in rows.items()}


def _nothing(size: int) -> Codes:
    return np.full(size, -1, dtype=np.int64)
