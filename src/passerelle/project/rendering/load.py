"""How somebody's files were read, as far as it matters to the agreement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement
from passerelle.files import Loaded, LoadedRows, tell_load
from passerelle.project.run import Run
from passerelle.relations.fields import tested_fields
from passerelle.words import Language


def load_in_words(run: Run, language: Language) -> tuple[str, ...]:
    """The account of the load; columns that nobody has and nothing needs are passed over."""
    return tell_load(_what_matters(run.loaded, run.agreement), language=language)


def _what_matters(loaded: Loaded, agreement: Agreement) -> Loaded:
    needed = set(tested_fields(agreement))
    if agreement.handoff is not None:
        needed |= {*agreement.handoff.dossier.required, *agreement.handoff.dossier.wanted}
    given = CONTENT_PROPERTIES if agreement.content else ()
    mapping = loaded.mapping
    return replace(
        loaded,
        mapping={
            "leads": _with_absent(
                mapping["leads"], (n for n in mapping["leads"].absent if n in needed)
            ),
            "events": _with_absent(
                mapping["events"], (n for n in mapping["events"].absent if n not in given)
            ),
        },
    )


def _with_absent(account: LoadedRows, names: Iterable[str]) -> LoadedRows:
    return replace(account, absent=tuple(names))
