import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as how
from django.db import connection
from pytest_django import Settings

from passerelle.apps.capture.models import Event
from passerelle.project.backup.making import back_up
from tests.outside import CHECKOUT
from tests.project.backup.installations import an_sqlite, messages_in


@contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A writer or worker of `tests.apps.history.process` in the tests' own database."""
    said = connection.settings_dict
    url = f"sqlite:///{said['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgresql://{said['USER']}@{said['HOST']}:{said['PORT']}/{said['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "passerelle.project.settings",
        "PASSERELLE_HISTORY": str(how.HISTORY_URL),
        "PYTHONPATH": os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)]),
    }
    command = [sys.executable, "-m", "tests.apps.history.process", *arguments]
    process = subprocess.Popen(command, env=environment, cwd=CHECKOUT, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_a_backup_made_while_others_write_is_one_instant(
    settings: Settings, tmp_path: Path
) -> None:
    settings.HISTORY_URL = str(tmp_path / "history")
    backup, target = tmp_path / "b.tar", an_sqlite(tmp_path / "there")

    with ExitStack() as running:
        writers = [running.enter_context(_process("write", name)) for name in ("1", "2")]
        running.enter_context(_process("work", "steady"))
        while Event.objects.count() < 30 and any(w.poll() is None for w in writers):
            time.sleep(0.05)
        back_up(
            backup, now=datetime.now(UTC), secret=tmp_path / "secret", on_progress=lambda *_: None
        )
        for writer in writers:
            writer.wait()
    restored = target.run("restore", str(backup))
    verified = target.run("history", "verify")

    messages = messages_in(backup)
    batches = Counter(int(message.removeprefix("m")) // 10 for message in messages)
    assert 30 <= len(messages) < Event.objects.count()
    assert set(batches.values()) == {10}  # ten were written in each transaction
    assert (restored.returncode, restored.stderr) == (0, "")
    assert verified.returncode == 0, verified.stdout
