"""What the bulk relation found of each lead, as it is kept: in columns, so that none is looked at.

The figures of a lead are the same whether they come from here or from `keeping.figures_of`.
"""

from __future__ import annotations

from passerelle.apps.scoring.keeping import TOLD
from passerelle.core.agreement import Agreement

Sql = str


def kept_columns(agreement: Agreement) -> dict[str, Sql]:
    """The columns of a score over the rows of `score_into`, by name."""
    return {
        "lead_id": "lead::BIGINT",
        "total": _number("level__total"),
        "grade": "grade" if agreement.grades else "''",
        "dimensions": _object(
            {key: _number(f"level__{key}") for key in agreement.dimensions},
        ),
        "worths": _worths(agreement),
        "standing": _standing(agreement),
        "fingerprint": _fingerprint(agreement),
    }


def _number(column: str) -> Sql:
    """Points to the millionth; never a negative nothing."""
    return f'(round("{column}", 6) + 0.0)'


def _millionths(column: str) -> Sql:
    return f'round("{column}" * 1000000)::BIGINT'


def _object(values: dict[str, Sql]) -> Sql:
    parts = (f"""'"{key}": ' || {value}""" for key, value in values.items())
    return "'{' || " + " || ', ' || ".join(parts) + " || '}'"


def _matters(rule: str) -> Sql:
    """As `figures_of` has it: a rule that granted or gives anything, to the millionth."""
    return f"""(abs("granted__{rule}") > 5e-7 OR abs("held__{rule}") > 5e-7)"""


def _worths(agreement: Agreement) -> Sql:
    parts = []
    for rule in agreement.rules:
        points = [_number(f"{what}__{rule.key}") for what in ("granted", "left", "held")]
        listed = " || ', ' || ".join(points)
        parts.append(
            f"""CASE WHEN {_matters(rule.key)} THEN '"{rule.key}": [' || {listed} || ']' END"""
        )
    return "'{' || concat_ws(', ', " + ", ".join(parts) + ") || '}'"


def _standing(agreement: Agreement) -> Sql:
    parts = ["""'"stage": ' || to_json(stage)::VARCHAR"""]
    parts += [f"""'"{what}": ' || to_json({what})::VARCHAR""" for what in TOLD]
    if agreement.qualification is not None:
        bant = _number("bant_points")
        parts.append(f"""CASE WHEN bant_points <> 0 THEN '"bant": ' || {bant} END""")
        parts.append("""CASE WHEN qualified THEN '"qualified": true' END""")
    return "'{' || concat_ws(', ', " + ", ".join(parts) + ") || '}'"


def _fingerprint(agreement: Agreement) -> Sql:
    """`keeping.fingerprint` in SQL."""
    parts = [_millionths("level__total"), "grade" if agreement.grades else "''"]
    parts += [_millionths(f"level__{key}") for key in agreement.dimensions]
    for rule in agreement.rules:
        points = [_millionths(f"{what}__{rule.key}") for what in ("granted", "left", "held")]
        listed = ", ".join(points)
        given = f"concat_ws(',', '{rule.key}', {listed})"
        parts.append(f"CASE WHEN {_matters(rule.key)} THEN {given} ELSE '' END")
    parts += ["stage", *(f"coalesce({what}, '')" for what in TOLD)]
    if agreement.qualification is not None:
        parts += [_millionths("bant_points"), "CASE WHEN qualified THEN '1' ELSE '' END"]
    else:
        parts += ["0", "''"]
    return "md5(concat_ws('|', " + ", ".join(parts) + "))"
