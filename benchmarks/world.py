"""The data of the benchmarks: a year of events by month, sorted by lead, as a history is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

FOLDER = Path("benchmarks/.data")
FIRST_SECOND = 1_700_000_000
YEAR = 365 * 86_400

# Of twenty events eleven are pages, in visits of up to eleven with a minute or two between them.
_EVENTS = """
SELECT to_base((hash(i, 7) // 2)::BIGINT, 32) AS id, 'L' || lpad(lead::VARCHAR, 8, '0') AS lead,
  event, occurred_at, occurred_at AS received_at,
  CASE WHEN event = 'page' THEN ['/pricing', '/blog/a', '/blog/b', '/customers/x', '/product',
    '/docs/1', '/about', '/jobs'][1 + (hash(i, 3) % 8)::INT] END AS path,
  CASE WHEN event IN ('form_submitted', 'download')
    THEN 'ebook-' || (hash(i, 4) % 40)::VARCHAR END AS asset
FROM (
  SELECT i, ((hash(visit, 1) % {leads}) * (hash(visit, 6) % 1000003) // 1000003)::BIGINT AS lead,
    ['page', 'page', 'page', 'page', 'page', 'page', 'page', 'page', 'page', 'page', 'page',
     'email_opened', 'email_opened', 'email_opened', 'email_clicked',
     CASE hash(i, 8) % 2 WHEN 0 THEN 'email_clicked' ELSE 'social' END, 'form_submitted',
     'download', CASE hash(i, 8) % 2 WHEN 0 THEN 'webinar_attended' ELSE 'chat' END,
     CASE hash(i, 8) % 9 WHEN 0 THEN 'demo_requested' WHEN 1 THEN 'email_bounced'
       ELSE 'page' END][1 + i % 20] AS event,
    make_timestamp(({first} + (hash(visit, 5) % {span})::BIGINT) * 1000000
      + (i % 20) * (30 + hash(i, 2) % 90)::BIGINT * 1000000) AS occurred_at
  FROM (SELECT i, i // 5 AS visit FROM range({start}, {stop}) AS t(i)))
"""


def world(*, events: int, leads: int) -> Path:
    """A folder with `leads.parquet` and `events/*.parquet`, made once and kept."""
    folder = FOLDER / f"{events}-{leads}"
    if (folder / "done").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "events").mkdir(parents=True)
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '6GB'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute(
        f"""COPY (SELECT 'L' || lpad(i::VARCHAR, 8, '0') AS lead,
              [NULL, 5.0, 40, 120, 800][1 + (hash(i, 1) % 5)::INT] AS employees,
              ['CEO', 'Head of Sales', 'Student', 'Developer', NULL][1 + (hash(i, 2) % 5)::INT]
                AS job_title,
              ['software', 'bank', 'retail', 'health'][1 + (hash(i, 3) % 4)::INT] AS industry,
              ['organic', 'ads', 'email', 'customer_referral'][1 + (hash(i, 4) % 4)::INT] AS source
            FROM range({leads}) AS t(i)) TO '{folder}/leads.parquet' (COMPRESSION zstd)"""
    )
    months = 12
    for month in range(months):
        first = FIRST_SECOND + month * YEAR // months
        query = _EVENTS.format(
            leads=leads,
            first=first,
            span=YEAR // months,
            start=events * month // months,
            stop=events * (month + 1) // months,
        )
        connection.execute(
            f"""COPY ({query} ORDER BY lead, occurred_at)
            TO '{folder}/events/{month:02}.parquet' (COMPRESSION zstd, ROW_GROUP_SIZE 200000)"""
        )
    (folder / "done").touch()
    return folder
