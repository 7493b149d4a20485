"""The interpreter and the relation agree on everybody in the gallery's stories."""

from __future__ import annotations

from dataclasses import replace

import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import text_of
from passerelle.core.history import Lead
from passerelle.core.scorer import score_lead
from passerelle.relations.duck import connect, score_all
from passerelle.relations.tables import property_types
from tests.gallery.story import day, gallery
from tests.gallery.test_gallery import LEADS
from tests.parity.tables import fill
from tests.parity.test_scores import rows

NOW = day(21, 45)


@pytest.mark.parametrize("key", sorted(LEADS))
def test_bulk_scores_of_the_gallery_equal_the_interpreter(key: str) -> None:
    agreement, connection = gallery(key), connect(threads=1)
    leads = [_as_stored(agreement, lead, number) for number, lead in enumerate(LEADS[key])]
    fill(connection, agreement, leads)

    found = rows(score_all(connection, agreement, as_of=NOW))

    for lead in leads:
        score, row = score_lead(agreement, lead, as_of=NOW), found[lead.key]
        levels = {level: float(score.levels.of(level)) for level in agreement.dimensions}
        assert {level: row[f"level__{level}"] for level in levels} == pytest.approx(levels)
        assert (row["stage"], row["grade"]) == (score.stage, score.levels.grade)


def _as_stored(agreement: Agreement, lead: Lead, number: int) -> Lead:
    """The lead under a key of its own, with texts where the events table holds texts."""
    numbers = {name for name, kind in property_types(agreement).items() if kind == "number"}
    events = [
        replace(
            event,
            id=f"{number}-{place}",
            properties={
                name: value if name in numbers else text_of(value)
                for name, value in event.properties.items()
            },
        )
        for place, event in enumerate(lead.events)
    ]
    return replace(lead, key=f"lead{number}", events=events)
