import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import pytest
from django.conf import settings as how
from django.db import connection

from passerelle.apps.history.models import HistoryFile
from passerelle.apps.history.sweeping import remove_strays
from passerelle.apps.history.verifying import verify
from passerelle.apps.history.worker import catch_up
from tests.apps.history.log import copied, logged, stored
from tests.outside import CHECKOUT


def _environment() -> dict[str, str]:
    said = connection.settings_dict
    url = f"sqlite:///{said['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgresql://{said['USER']}@{said['HOST']}:{said['PORT']}/{said['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "passerelle.project.settings",
        "PASSERELLE_HISTORY": how.HISTORY_URL,
        "PYTHONPATH": os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)]),
    }


@contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.apps.history.process", *arguments]
    process = subprocess.Popen(command, env=_environment(), cwd=CHECKOUT, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_missing_or_twice_whoever_writes_and_whatever_is_killed() -> None:
    draw = random.Random(3)
    kills = 0

    with ExitStack() as running:
        writers = [running.enter_context(_process("write", str(number))) for number in (1, 2, 3)]
        running.enter_context(_process("work", "steady"))
        while any(writer.poll() is None for writer in writers):
            with _process("work", "doomed") as doomed:
                assert doomed.stdout is not None
                doomed.stdout.readline()  # it says when it begins
                time.sleep(draw.random() / 2)
                doomed.kill()
                kills += 1
    catch_up(datetime.now(UTC))

    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert kills > 0
    assert len(logged()) > 200
    assert [row[0] for row in copied()] == logged()
    assert verify() == []
    remove_strays(before=datetime.now(UTC))
    assert stored() == {file.path for file in HistoryFile.objects.all()}
