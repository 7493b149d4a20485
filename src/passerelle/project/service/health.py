"""Whether this process lives, and whether it can serve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from passerelle.apps.running.queries import living


def readiness(*, now: datetime) -> tuple[bool, Mapping[str, object]]:
    """Whether requests can be served here, and what was found.

    A worker that is away makes nobody unready: pages answer and events are taken without it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = migrations_to_apply()
        workers = len(living("live", now=now))
    except DatabaseError:
        return False, {"ready": False, "database": "unreachable"}
    finally:
        connection.close()  # the thread that asked has nothing more to ask
    found = {"database": "ok", "migrations_to_apply": waiting, "workers": workers}
    return waiting == 0, {"ready": waiting == 0, **found}


def migrations_to_apply() -> int:
    """How many migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
