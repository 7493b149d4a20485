"""The demo's agreement, on the company that is made up for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from passerelle.core.ranges import Range
from passerelle.core.scorer import score_lead
from passerelle.core.standing import ladder
from passerelle.demo import write_demo
from passerelle.files import load
from passerelle.relations.duck import connect, leads_of, score_all
from passerelle.relations.tables import field_types, property_types
from tests.gallery.story import gallery

UNTIL = datetime(2026, 7, 1, tzinfo=UTC)


def test_the_demo_uses_every_rule_and_stage_and_both_scorers_agree_on_it(tmp_path: Path) -> None:
    agreement, connection = gallery("demo"), connect()
    write_demo(tmp_path, leads=1_500, seed=7, until=UNTIL)
    load(
        connection,
        leads=[str(tmp_path / "leads.parquet")],
        events=[str(tmp_path / "events" / "*.parquet")],
        fields=field_types(agreement),
        properties=property_types(agreement),
        as_of=UNTIL,
    )

    score_all(connection, agreement, as_of=UNTIL).create("scored")

    fires = ", ".join(f'bool_or("granted__{rule.key}" <> 0)' for rule in agreement.rules)
    fired = connection.execute(f"SELECT {fires} FROM scored").fetchone()
    assert fired == (True,) * len(agreement.rules)
    found = connection.execute("SELECT stage, count(*) FROM scored GROUP BY ALL").fetchall()
    assert {stage for stage, _ in found} >= {*ladder(agreement), "nurturing", "disqualified"}
    rows = connection.execute(
        "FROM (SELECT lead, level__total, stage FROM scored ORDER BY hash(lead)) LIMIT 60"
    ).fetchall()
    for lead, row in zip(leads_of(connection, agreement, [r[0] for r in rows]), rows, strict=True):
        score = score_lead(agreement, lead, as_of=UNTIL)
        near = Range(low=score.total, high=score.total)
        assert near.holds_level(type(score.total)(row[1]))
        assert score.stage == row[2]
