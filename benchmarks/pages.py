"""Server time of the pages people look at most, on a full database: median and 95th of a hundred.

The database is filled once and kept (`--database` names it); SQLite with 200,000 leads by
default, PostgreSQL with a million leads and 20 million events: `--database postgresql://…`.
Pages are asked for in the process, by Django's own client, so that no network is measured. The
yardstick is the smallest page there is (the profile of who is signed in), in the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / ".data" / "pages"

PAGES = (
    ("home", "/"),
    ("leads, first page", "/leads/"),
    ("leads by name", "/leads/?sort=name"),
    ("leads of a stage", "/leads/?stage=mql"),
    ("a lead", "/leads/l{n}/"),
    ("a company", "/companies/c{company}/"),
    ("companies", "/companies/"),
    ("search by e-mail", "/search/?q=person{n}@"),
    ("search by name", "/search/?q=Person+{n}"),
    ("sources", "/sources/"),
)


def main() -> None:
    """Fill what is not there yet, then ask for each page a hundred times."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", default="", help="a PostgreSQL URL; SQLite without")
    asked.add_argument("--leads", type=int, default=0)
    asked.add_argument("--events", type=int, default=0)
    asked.add_argument("--times", type=int, default=100)
    how = asked.parse_args()
    leads = how.leads or (1_000_000 if how.database else 200_000)
    events = how.events or leads * 20
    _set_up(how.database, leads)
    _filled(leads, events)
    print(f"{leads:,} leads, {events:,} events, {'PostgreSQL' if how.database else 'SQLite'}")
    client = _signed_in()
    base = _times(client, "/settings/me/", how.times, leads)
    print(f"{'smallest page':22} median {base[0]:6.1f} ms   95th {base[1]:6.1f} ms")
    for name, address in PAGES:
        middle, late = _times(client, address, how.times, leads)
        print(f"{name:22} median {middle:6.1f} ms   95th {late:6.1f} ms   {late / base[1]:5.1f}x")


def _set_up(database: str, leads: int) -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    os.environ["PASSERELLE_DATA"] = str(DATA)
    os.environ["DATABASE_URL"] = database or f"sqlite:///{(DATA / f'{leads}.db').absolute()}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "passerelle.project.settings"
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]


def _filled(leads: int, events: int) -> None:
    from django.core.management import call_command

    from benchmarks.service_world import fill
    from passerelle.apps.people.models import Lead

    call_command("migrate", verbosity=0)
    if not Lead.objects.exists():
        fill(leads=leads, events=events)


def _signed_in() -> Any:
    from django.test import Client

    from passerelle.apps.accounts.models import Role, User

    user = User.objects.filter(email="bench@example.org").first() or User.objects.create_user(
        "bench@example.org", role=Role.ADMINISTRATOR
    )
    client = Client()
    client.force_login(user)
    return client


def _times(client: Any, address: str, times: int, leads: int) -> tuple[float, float]:
    taken = []
    for turn in range(times + 5):
        n = 1 + turn * 7919 % leads
        url = address.format(n=n, company=n // 10 + 1)
        begun = time.perf_counter()
        answer = client.get(url)
        b"".join(answer) if answer.streaming else answer.content
        if turn >= 5:
            taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, (url, answer.status_code)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18]


if __name__ == "__main__":
    main()
