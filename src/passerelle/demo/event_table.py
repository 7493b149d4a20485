"""The events table: one row a message, sorted by lead then time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from passerelle.demo.catalogue import ASSETS, CONTENTS, PATHS, TITLES
from passerelle.demo.columns import coded, fixed_texts, instants, lead_keys, numbers
from passerelle.demo.delivery import Delivered, letters
from passerelle.demo.draws import Codes
from passerelle.demo.vocabulary import (
    CHANNELS,
    CRITERIA,
    EVENT,
    EVENTS,
    FIELDS,
    FORMS,
    REASONS,
    SOURCES,
)

_ASSET_OF = np.array([ASSETS.index(c.asset) if c.asset else -1 for c in CONTENTS])
# An odd factor permutes the numbers below 2⁴⁰: devices stay distinct and tell nothing.
_SCRAMBLE, _DEVICES = 0x5851F42D4D, 1 << 40


def event_table(
    delivered: Delivered, *, first: int, campaigns: Sequence[str], values: Sequence[str]
) -> pa.Table:
    """The table of one block whose first lead has the number `first`."""
    rows = delivered.rows
    content = rows["content"]
    no_asset = (content < 0) | (rows["event"] == EVENT["page"])
    return pa.table({
        "id": fixed_texts(delivered.ids),
        "lead": lead_keys(first + rows["lead"]),
        "event": coded(rows["event"], EVENTS),
        "occurred_at": instants(delivered.occurred_at),
        "received_at": instants(delivered.received_at),
        "path": coded(content, PATHS),
        "asset": coded(np.where(no_asset, -1, _ASSET_OF[content]), ASSETS),
        "title": coded(content, TITLES),
        "campaign": coded(rows["campaign"], campaigns),
        "channel": coded(rows["channel"], CHANNELS),
        "source": coded(rows["source"], SOURCES),
        "form": coded(rows["form"], FORMS),
        "seconds": numbers(rows["seconds"], rows["seconds"] >= 0, pa.int32()),
        "field": coded(rows["field"], FIELDS),
        "value": coded(rows["value"], values).cast(pa.string()),
        "criterion": coded(rows["criterion"], CRITERIA),
        "met": numbers(rows["met"] == 1, rows["met"] >= 0, pa.bool_()),
        "reason": coded(rows["reason"], REASONS),
        "device": _devices(rows["device"], first),
    })  # fmt: skip


def _devices(device: Codes, first: int) -> pa.Array:
    scrambled = ((device + 2 * first) * _SCRAMBLE) % _DEVICES
    return fixed_texts(letters(scrambled, length=8), known=device >= 0)
