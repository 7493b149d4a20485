"""Leads and events read from the files people have, and results written back.

What is named here is loaded when it is asked for: reading files takes Arrow and DuckDB, which those
who want a small part of this room, such as its synonyms, need not wait for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from passerelle.files.columns import FieldType, PropertyType
    from passerelle.files.loaded import Loaded, LoadedRows, ReadFile
    from passerelle.files.loading import Progress, Step, load
    from passerelle.files.mapping import Mapping, guess_events, guess_leads, read_mapping
    from passerelle.files.problems import FileProblem, Problem
    from passerelle.files.rejects import Reject, RejectAction, RejectReason, Rejects, write_rejects
    from passerelle.files.telling import tell_load
    from passerelle.files.writing import write_table

__all__ = [
    "FieldType",
    "FileProblem",
    "Loaded",
    "LoadedRows",
    "Mapping",
    "Problem",
    "Progress",
    "PropertyType",
    "ReadFile",
    "Reject",
    "RejectAction",
    "RejectReason",
    "Rejects",
    "Step",
    "guess_events",
    "guess_leads",
    "load",
    "read_mapping",
    "tell_load",
    "write_rejects",
    "write_table",
]

_HOMES = {
    "FieldType": "columns",
    "FileProblem": "problems",
    "Loaded": "loaded",
    "LoadedRows": "loaded",
    "Mapping": "mapping",
    "Problem": "problems",
    "Progress": "loading",
    "PropertyType": "columns",
    "ReadFile": "loaded",
    "Reject": "rejects",
    "RejectAction": "rejects",
    "RejectReason": "rejects",
    "Rejects": "rejects",
    "Step": "loading",
    "guess_events": "mapping",
    "guess_leads": "mapping",
    "load": "loading",
    "read_mapping": "mapping",
    "tell_load": "telling",
    "write_rejects": "rejects",
    "write_table": "writing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"passerelle.files.{_HOMES[name]}"), name)
