"""An event on its way into the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from passerelle.apps.capture.models import Robot


class Name(NamedTuple):
    """By what an event names somebody: a kind of `SubjectKind`, and the value."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event as it goes into the log; see `Event` for what the parts mean.

    `day` is the day under which its message id is kept, as `date.toordinal`; without one it is
    that of `occurred_at`. `timed` says whether the sender gave it a time that a retry repeats.
    """

    kind: str
    name: str
    message_id: str
    subject: Name
    occurred_at: datetime
    received_at: datetime
    source_id: int | None = None
    device: Name | None = None
    robot: str = Robot.NONE
    classifier: int = 0
    properties: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    day: int | None = None
    timed: bool = True
