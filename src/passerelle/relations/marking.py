"""The log marked once: what every relation would reckon anew for each event it reads."""

from __future__ import annotations

import ibis.expr.types as ir

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement
from passerelle.relations.log import ANY, log
from passerelle.relations.moments import Moment
from passerelle.relations.tables import (
    SPECIAL_EVENTS,
    Inputs,
    asked_properties,
    special_properties,
)
from passerelle.relations.visits import are_ordered_by_id


def marked(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """The whole log with `day` and `content`, to be kept and read in place of `events`.

    What only special events say is not there, see `special`.
    """
    bare = agreement.model_copy(update={"content": ()})
    needed = set(asked_properties(bare))
    if agreement.content:
        needed |= set(CONTENT_PROPERTIES)
    if are_ordered_by_id(agreement):
        needed.add("id")
    return log(agreement, inputs.events, moment, (ANY,), needed)


def special(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """The events with a meaning of their own, with `day` and what they say."""
    needed = {"id", *special_properties(agreement)}
    return log(agreement, inputs.events, moment, SPECIAL_EVENTS, needed)
