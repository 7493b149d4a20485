"""What time leaves of points, in columns."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from passerelle.core.parts import Decay, Expiry, HalfLife, LinearDecay, StepDecay


def left_of(points: ir.Value, decay: Decay | None, age: ir.Value) -> ir.Value:
    """What is left of points after `age` whole days."""
    match decay:
        case None:
            return points
        case HalfLife(days=days):
            return points * ibis.literal(0.5) ** (age / float(days))
        case LinearDecay(percent=percent, per=per):
            return points * ibis.greatest(0.0, 1.0 - float(percent) / 100 * age / float(per))
        case StepDecay(percent=percent, every=every):
            steps = (age / every).floor()
            return points * ibis.greatest(0.0, 1.0 - float(percent) / 100 * steps)
        case Expiry(days=days):
            return ibis.cases((age < days, points), else_=0.0)
