"""A worker in a process of its own, to be killed: scores until it is told to end."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime

os.environ["DJANGO_SETTINGS_MODULE"] = "passerelle.project.settings"

import django

django.setup()

from django.db import OperationalError  # noqa: E402  # after the settings

from passerelle.apps.scoring import worker  # noqa: E402


def main() -> None:
    """Work at the instant given, live or at night."""
    now, kind = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
    work = worker.nightly if kind == "nightly" else worker.work
    print("ready", flush=True)  # noqa: T201  # who waits for it reads it
    while True:
        try:
            if not work(now):
                time.sleep(0.01)
        except OperationalError:
            time.sleep(0.05)


main()
