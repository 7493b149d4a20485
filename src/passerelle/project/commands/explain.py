"""`passerelle explain`: one lead's score, and what lies ahead of it, in words."""

from __future__ import annotations

import typer

from passerelle.project.commands.options import (
    AgreementOption,
    AsOfOption,
    EventsArgument,
    JsonOption,
    KnownAtOption,
    LeadArgument,
    LeadsArgument,
    MapOption,
    MemoryOption,
    QuietOption,
)
from passerelle.project.terminal import Terminal


def explain(
    context: typer.Context,
    lead: LeadArgument,
    leads: LeadsArgument,
    events: EventsArgument = None,
    *,
    agreement: AgreementOption,
    as_of: AsOfOption = "now",
    known_at: KnownAtOption = None,
    mapping: MapOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    memory: MemoryOption = "3GB",
) -> None:
    from passerelle.project.clock import now
    from passerelle.project.explanation import explain_lead
    from passerelle.project.run import Request

    terminal: Terminal = context.obj.hushed(quiet or as_json)
    request = Request(
        agreement=agreement,
        leads=[leads],
        events=events or (),
        as_of=as_of,
        known_at=known_at,
        mapping=mapping,
        memory=memory,
    )
    explain_lead(terminal, request, lead, now=now(), as_json=as_json)
