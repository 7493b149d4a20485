"""A writer or a worker as a process of its own: `python -m tests.apps.history.process write 3`."""

import random
import sys
import time
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings


def main() -> None:
    """Write into the log, or copy it until the standard input is closed."""
    django.setup()
    settings.HISTORY_BATCH, settings.HISTORY_WITHIN = 40, timedelta(0)
    what, name = sys.argv[1:]
    if what == "write":
        _write(int(name))
    else:
        _work()


def _write(writer: int) -> None:
    from django.db import transaction  # noqa: PLC0415  # once Django is set up

    from passerelle.apps.capture.actions import record_events  # noqa: PLC0415
    from tests.apps.history.log import an_event  # noqa: PLC0415

    draw = random.Random(writer)
    for batch in range(12):
        numbers = range(writer * 1_000 + batch * 10, writer * 1_000 + batch * 10 + 10)
        with transaction.atomic():
            record_events(an_event(number) for number in numbers)
            time.sleep(draw.random() * 0.02)  # ids are taken, and not yet to be seen
            if draw.random() < 0.1:
                transaction.set_rollback(True)


def _work() -> None:
    from passerelle.apps.history.worker import work  # noqa: PLC0415

    print("begun", flush=True)  # noqa: T201  # for who is waiting to kill it
    while True:
        work(datetime.now(UTC))


if __name__ == "__main__":
    main()
