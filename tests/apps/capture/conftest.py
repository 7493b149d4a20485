import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def _an_empty_inbox() -> None:
    from passerelle.apps.capture.inbox_sqlite import inbox_file  # noqa: PLC0415  # needs settings

    if connection.vendor == "sqlite":
        file = inbox_file()
        for one in (file, file.with_name("inbox.db-wal"), file.with_name("inbox.db-shm")):
            one.unlink(missing_ok=True)
