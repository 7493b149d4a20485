"""Leads and events read from the files people have, and results written back."""

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
