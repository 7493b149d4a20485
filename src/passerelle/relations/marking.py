"""The log marked once: what every relation would reckon anew for each event it reads."""

from __future__ import annotations

import ibis.expr.types as ir

from passerelle.core.agreement import CONTENT_PROPERTIES, Agreement
from passerelle.core.parts import ANY
from passerelle.relations.log import log
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
    return log(agreement, inputs.events, moment, (ANY,), _asked(agreement))


def special(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """The events with a meaning of their own, with `day` and what they say."""
    return log(agreement, inputs.events, moment, SPECIAL_EVENTS, _said(agreement))


def marked_whole(agreement: Agreement, inputs: Inputs, moment: Moment) -> ir.Table:
    """The log of `marked` with what special events say besides, in one table."""
    return log(agreement, inputs.events, moment, (ANY,), _asked(agreement) | _said(agreement))


def _asked(agreement: Agreement) -> set[str]:
    bare = agreement.model_copy(update={"content": ()})
    properties = set(asked_properties(bare))
    if agreement.content:
        properties |= set(CONTENT_PROPERTIES)
    if are_ordered_by_id(agreement):
        properties.add("id")
    return properties


def _said(agreement: Agreement) -> set[str]:
    return {"id", *special_properties(agreement)}
