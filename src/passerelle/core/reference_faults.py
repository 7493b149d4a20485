"""The reference page of faults: what somebody wrote, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from passerelle.core.fault_examples import SLIPS, Slip
from passerelle.core.faults import Fault, InvalidAgreement, written
from passerelle.core.reading import read_agreement
from passerelle.words import Language, say

_LONGEST_SAMPLE = 70
_ESCAPED = {"*": r"\*", "<": "&lt;"}


def fault_page(codes: Sequence[str], language: Language) -> str:
    """The page in one language, in Markdown: a row a code, in the order given."""
    return "\n".join(_lines(codes, language)) + "\n"


def _lines(codes: Sequence[str], language: Language) -> Iterator[str]:
    yield f"# {say('reference.faults.title', language)}"
    yield ""
    yield say("reference.faults.intro", language)
    yield ""
    for code in codes:
        yield f"## `{code}`"
        yield ""
        if code not in SLIPS:
            yield say("reference.faults.net", language)
            yield ""
            continue
        slip = SLIPS[code]
        fault = _first_fault(slip)
        yield say("reference.faults.wrote", language, sample=_sample(slip, language))
        yield ""
        if fault.path:
            path = f"`{written(fault.path)}`"
            yield say("reference.faults.said_at", language, path=path, said=_said(fault, language))
        else:
            yield say("reference.faults.said", language, said=_said(fault, language))
        yield ""


def _said(fault: Fault, language: Language) -> str:
    said = f"{fault.wrong(language)} {fault.remedy(language)}"
    return re.sub(r"(`[^`]*`)|([*<])", lambda part: part[1] or _ESCAPED[part[2]], said)


def _first_fault(slip: Slip) -> Fault:
    try:
        read_agreement(slip.text)
    except InvalidAgreement as error:
        return error.faults[0]
    raise AssertionError(slip)


def _sample(slip: Slip, language: Language) -> str:
    """What was written, on one line; control characters are shown as a dot."""
    wrote = " ⏎ ".join(line.strip(" ") for line in slip.wrote.strip("\n").split("\n"))
    shown = "".join(c if c.isprintable() else "·" for c in wrote)
    if not shown:
        return say("reference.faults.nothing", language)
    cut = shown if len(shown) <= _LONGEST_SAMPLE else f"{shown[:_LONGEST_SAMPLE]}…"
    return f"`{cut}`"
