"""A service's database filled with made-up leads and events by SQL alone, for the benchmarks.

Values are spread by arithmetic, not drawn, so that two runs fill the same rows. Each lead has a
company (ten leads one), an e-mail subject with its tie, a score, two moves, and as many events of
the past year as the ratio of events to leads says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from passerelle.apps.capture.models import Source
from passerelle.apps.scoring.models import PublishedAgreement

BATCH = 100_000
AGREEMENT = Path(__file__).parent.parent / "agreements" / "demo.yaml"

_LEADS = "leads"
_COMPANIES = "companies"
_EVENTS = "events"

_STATEMENTS = (
    (
        "people_company",
        _COMPANIES,
        """INSERT INTO people_company (id, key, name, domain, fields, created_at)
        SELECT n, 'c' || n, 'Company ' || n, 'company' || n || '.example', {empty}, {year_ago}
        FROM {numbers}""",
    ),
    (
        "capture_subject",
        _LEADS,
        """INSERT INTO capture_subject (id, kind, value)
        SELECT n, 'email', 'person' || n || '@company' || (n / 10 + 1) || '.example'
        FROM {numbers}""",
    ),
    (
        "people_lead",
        _LEADS,
        """INSERT INTO people_lead (id, key, name, email, phone, job_title, fields, source,
          first_touch, last_touch, created_at, last_seen_at, is_prospect, company_id)
        SELECT n, 'l' || n, 'Person ' || (n * 7919 % 1000003) || ' Name ' || n,
          'person' || n || '@company' || (n / 10 + 1) || '.example', '', 'Head of operations',
          {fields}, CASE n % 4 WHEN 0 THEN 'organic' WHEN 1 THEN 'ads' WHEN 2 THEN 'email'
          ELSE 'social' END, {empty}, {empty}, {year_ago}, {ago_of_lead}, {false}, n / 10 + 1
        FROM {numbers}""",
    ),
    (
        "people_tie",
        _LEADS,
        "INSERT INTO people_tie (id, lead_id, subject_id) SELECT n, n, n FROM {numbers}",
    ),
    (
        "scoring_score",
        _LEADS,
        """INSERT INTO scoring_score (lead_id, agreement_id, as_of, total, grade, dimensions,
          worths, standing, fingerprint, stage, stage_since, moves)
        SELECT n, {agreement}, {now}, (n * 104729 % 1000) / 10.0, 'B2', {dimensions}, {empty},
          {empty}, 'f', CASE WHEN n * 104729 % 1000 >= 700 THEN 'hot'
          WHEN n * 104729 % 1000 >= 500 THEN 'mql' ELSE 'lead' END, {ago_of_lead}, 2
        FROM {numbers}""",
    ),
    (
        "scoring_transition",
        _LEADS,
        """INSERT INTO scoring_transition (id, number, from_stage, to_stage, cause, evidence, at,
          decided_at, total, agreement_id, lead_id)
        SELECT n, 1, '', 'lead', 'score', {empty}, {ago_of_lead}, {ago_of_lead}, 20, {agreement}, n
        FROM {numbers}""",
    ),
    (
        "capture_event",
        _EVENTS,
        """INSERT INTO capture_event (id, source_id, subject_id, kind, name, message_id,
          occurred_at, received_at, robot, classifier, properties, context)
        SELECT n, {source}, 1 + (n * 7919) % {leads}, 'page', 'page', 'm' || n, {ago_of_event},
          {ago_of_event}, '', 1, {page}, {empty}
        FROM {numbers}""",
    ),
)


def fill(*, leads: int, events: int, progress: Callable[[str], None] = print) -> None:
    """Fill an empty, migrated database, a hundred thousand rows a statement."""
    now = datetime.now(UTC)
    source = Source.objects.create(key="site", name="Site", created_at=now)
    agreement = PublishedAgreement.objects.create(
        version="000000000000", text=AGREEMENT.read_text("utf-8"), published_at=now, rescored_at=now
    )
    wanted = {_LEADS: leads, _COMPANIES: leads // 10 + 1, _EVENTS: events}
    filled = {"source": source.pk, "agreement": agreement.pk, "leads": leads}
    dialect = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table, asked, statement in _STATEMENTS:
            progress(table)
            for low in range(1, wanted[asked] + 1, BATCH):
                parts = dialect(low, min(low + BATCH - 1, wanted[asked]), events)
                cursor.execute(statement.format(**filled, **parts))
            if connection.vendor == "postgresql" and table != "scoring_score":
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
        cursor.execute("ANALYZE")


_PAGE = """'{"path": "/blog/' || (n % 50) || '", "title": "Page ' || (n % 50) || '"}'"""
_FIELDS = """'{"employees": ' || (n % 900) || ', "country": "FR"}'"""
_DIMENSIONS = '\'{"fit": 40.0, "engagement": 30.0}\''


def _postgresql(low: int, high: int, events: int) -> dict[str, str]:
    year = 365 * 86_400
    return {
        "numbers": f"generate_series({low}::bigint, {high}) AS numbers(n)",
        "now": "now()",
        "year_ago": "now() - interval '1 year'",
        "ago_of_lead": "now() - make_interval(secs => n * 31 % 31536000)",
        "ago_of_event": f"now() - make_interval(secs => ({events} - n) * {year / events:.6f})",
        "empty": "'{}'::jsonb",
        "fields": f"({_FIELDS})::jsonb",
        "page": f"({_PAGE})::jsonb",
        "dimensions": f"{_DIMENSIONS}::jsonb",
        "false": "false",
    }


def _sqlite(low: int, high: int, events: int) -> dict[str, str]:
    year = 365 * 86_400

    def ago(seconds: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ({seconds}) || ' seconds')"

    return {
        "numbers": (
            f"(WITH RECURSIVE numbers(n) AS (SELECT {low} UNION ALL SELECT n + 1 FROM numbers"
            f" WHERE n < {high}) SELECT n FROM numbers)"
        ),
        "now": ago("0"),
        "year_ago": ago(str(year)),
        "ago_of_lead": ago("n * 31 % 31536000"),
        "ago_of_event": ago(f"({events} - n) * {year / events:.6f}"),
        "empty": "'{}'",
        "fields": _FIELDS,
        "page": _PAGE,
        "dimensions": _DIMENSIONS,
        "false": "0",
    }
