"""An agreement read from its YAML text, or everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from passerelle.core.agreement import Agreement
from passerelle.core.checks import faults_of_sense
from passerelle.core.document import Document, read_document
from passerelle.core.faults import FAULT_CODES, Fault, InvalidAgreement, Path
from passerelle.core.places import place_of, without_kind
from passerelle.core.shape import known_keys, nearest_key


def read_agreement(text: str) -> Agreement:
    """The agreement written in `text`.

    Raises:
        InvalidAgreement: with every fault at once, each with path, line, value found and remedy.
    """
    document = read_document(text)
    faults = list(document.faults)
    agreement: Agreement | None = None
    try:
        agreement = Agreement.model_validate(document.value)
    except ValidationError as error:
        errors = _own(error.errors(include_url=False, include_input=False))
        faults += [_shape_fault(document, details) for details in errors]
        faults += _sense_beside(document, errors)
    else:
        faults += [_placed(document, fault) for fault in faults_of_sense(agreement)]
    if faults or agreement is None:
        unlike = {(fault.code, fault.path, fault.line, fault.found): fault for fault in faults}
        raise InvalidAgreement(tuple(sorted(unlike.values(), key=lambda fault: fault.line)))
    return agreement


def _own(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without those of a list that is too short only because its items are faulty."""
    return [
        one
        for one in errors
        if one["type"] != "too_short"
        or not any(o["loc"][: len(one["loc"])] == one["loc"] and o is not one for o in errors)
    ]


def _shape_fault(document: Document, details: ErrorDetails) -> Fault:
    loc = without_kind(details["loc"])
    place = place_of(document.root, loc)
    last = str(loc[-1]) if loc else ""
    data: dict[str, Any] = {**details.get("ctx", {}), "key": last}
    found = data.pop("found", None)
    code = _code_of(details["type"], blank=place.is_blank)
    match code:
        case "missing_key":
            path = place.path if place.path == loc else (*place.path, last)
            return Fault(code, path, place.line, None, data)
        case "unknown_key":
            if near := nearest_key(details["loc"]):
                return Fault("misspelt_key", place.path, place.line, last, data | {"nearest": near})
            data["known"] = ", ".join(sorted(known_keys(details["loc"])))
            return Fault(code, place.path, place.line, last, data)
        case "not_one_of":
            data["known"] = ", ".join(re.findall(r"'?(\w+)'?(?:, | or |$)", data["expected"]))
        case "not_above" | "too_low" | "too_high":
            data["limit"] = next(data[sign] for sign in ("gt", "ge", "lt", "le") if sign in data)
    if last == "[key]":
        return Fault(code, place.path, place.line, str(loc[-2]), data)
    if last == "range" and isinstance(found, str):  # a band: what is wrong is its key
        return Fault(code, place.path, place.line, found, data)
    return Fault(code, place.path, place.line, place.written, data)


def _code_of(kind: str, *, blank: bool) -> str:
    code = _CODES.get(kind) or (kind if kind in FAULT_CODES else "not_understood")
    return "empty" if blank and code.startswith("not_") else code


def _placed(document: Document, fault: Fault) -> Fault:
    place = place_of(document.root, fault.path)
    found = place.written if fault.found is None else fault.found
    return replace(fault, path=place.path, line=place.line, found=found)


def _sense_beside(document: Document, errors: Sequence[ErrorDetails]) -> Iterator[Fault]:
    """The faults of sense of what is well formed, when only items of lists are not."""
    broken: dict[str, set[int]] = {}
    for details in errors:
        match details["loc"]:
            case (str(part), int(index), *_) if part in _APART:
                broken.setdefault(part, set()).add(index)
            case _:
                return
    kept = {
        part: [i for i in range(len(document.value[part])) if i not in indexes]
        for part, indexes in broken.items()
    }
    sound = {part: [document.value[part][i] for i in indexes] for part, indexes in kept.items()}
    try:
        agreement = Agreement.model_validate({**document.value, **sound})
    except ValidationError:
        return
    for fault in faults_of_sense(agreement):
        if not ("content" in broken and fault.code == "content_never_given"):
            yield _placed(document, replace(fault, path=_as_written(fault.path, kept)))


def _as_written(path: Path, kept: Mapping[str, Sequence[int]]) -> Path:
    """The path with the number that the item has in the document."""
    match path:
        case (str(part), int(index), *rest) if part in kept:
            return (part, kept[part][index], *rest)
    return path


_APART = ("content", "rules", "fast_tracks", "disqualify", "overrides", "signatures")
"""Lists whose items can be left out without making another part wrong."""

_CODES = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "string_type": "not_a_text",
    "string_unicode": "not_a_text",
    "string_too_short": "empty",
    "too_short": "empty",
    "too_long": "too_many",
    "string_pattern_mismatch": "not_a_key",
    "string_too_long": "not_a_key",
    "literal_error": "not_one_of",
    "bool_type": "not_a_truth",
    "bool_parsing": "not_a_truth",
    "int_type": "not_a_number",
    "int_parsing": "not_a_number",
    "int_parsing_size": "not_a_number",
    "int_from_float": "not_a_number",
    "decimal_type": "not_a_number",
    "decimal_parsing": "not_a_number",
    "finite_number": "not_a_number",
    "decimal_max_digits": "number_too_fine",
    "decimal_max_places": "number_too_fine",
    "decimal_whole_digits": "number_too_fine",
    "greater_than": "not_above",
    "greater_than_equal": "too_low",
    "less_than": "too_high",
    "less_than_equal": "too_high",
    "date_type": "not_a_date",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "date_from_datetime_inexact": "not_a_date",
    "dict_type": "not_a_table",
    "model_type": "not_a_table",
    "mapping_type": "not_a_table",
    "model_attributes_type": "not_a_table",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
}
"""Our code for each of the validator's own."""
