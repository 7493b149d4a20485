"""On real leads too, the interpreter and the relation give the same scores and standing."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.reading import read_agreement
from passerelle.core.scorer import Score, score_lead
from passerelle.files import load, read_mapping
from passerelle.relations.duck import connect, leads_of, score_all
from passerelle.relations.tables import field_types, property_types
from tests.real.real_files import RealFile


@pytest.mark.parametrize("name", ["x_education", "olist", "bank"])
def test_two_hundred_real_leads_score_the_same_one_by_one(
    request: pytest.FixtureRequest, name: str
) -> None:
    file: RealFile = request.getfixturevalue(name)
    agreement = read_agreement(file.agreement.read_text("utf-8"))
    as_of = datetime.fromisoformat(file.as_of).replace(tzinfo=UTC)
    connection = connect(threads=1)
    load(
        connection,
        leads=[str(file.leads)],
        mapping=read_mapping(file.mapping),
        fields=field_types(agreement),
        properties=property_types(agreement),
        as_of=as_of,
        timezone=agreement.timezone,
    )
    keys = random.Random(7).sample(file.keys, 200)

    relation = score_all(connection, agreement, as_of=as_of)
    found = {row["lead"]: row for row in relation.to_arrow_table().to_pylist()}

    leads = leads_of(connection, agreement, keys)
    assert [lead.key for lead in leads] == keys
    for lead in leads:
        score = score_lead(agreement, lead, as_of=as_of)
        assert _told(agreement, found[lead.key]) == pytest.approx(_meant(agreement, score))


def _told(agreement: Agreement, row: dict[str, Any]) -> dict[str, Any]:
    levels = {name: row[f"level__{name}"] for name in (*agreement.dimensions, "total")}
    held = {f"held__{rule.key}": row[f"held__{rule.key}"] for rule in agreement.rules}
    return {**levels, **held, "stage": row["stage"]}


def _meant(agreement: Agreement, score: Score) -> dict[str, Any]:
    levels = {name: float(score.levels.of(name)) for name in (*agreement.dimensions, "total")}
    held = {f"held__{worth.rule}": float(worth.points) for worth in score.levels.worths}
    return {**levels, **held, "stage": score.stage}
