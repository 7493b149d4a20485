"""The two lanes of work: what must be done within the second, and what may take its time."""

from __future__ import annotations

from typing import Literal

Lane = Literal["live", "bulk"]
LANES: tuple[Lane, ...] = ("live", "bulk")
"""`live` must be done within the second; `bulk` may take its time, and holds nobody up."""
