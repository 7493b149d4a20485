"""The ledger of all leads, one row a rule: what it granted, what time left, what its lines left."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.agreement import Agreement


def contributions(agreement: Agreement, scored: ir.Table) -> ir.Table:
    """Rows `(lead, rule, granted, left, points)` of the rules that gave or took anything."""
    parts = [
        scored.select(
            "lead",
            rule=ibis.literal(rule.key),
            granted=scored[f"granted__{rule.key}"],
            left=scored[f"left__{rule.key}"],
            points=scored[f"held__{rule.key}"],
        )
        for rule in agreement.rules
    ]
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return rows.filter((rows.granted != 0.0) | (rows.points != 0.0))
