"""The applications' tests once more, on PostgreSQL, where one answers."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from tests.outside import find  # noqa: E402  # it stands in the checkout

WHAT = ("tests/apps", "tests/journeys")


def main() -> int:
    url = find("postgresql")
    if url is None:
        required = "postgresql" in os.environ.get("PASSERELLE_REQUIRE", "").split(",")
        sys.stderr.write("The applications' tests were not run on PostgreSQL: none answers.\n")
        return int(required)
    server, name = url.rpartition("/")[0], f"passerelle_tests_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *(w for w in WHAT if (CHECKOUT / w).is_dir()),
             *sys.argv[1:]],
            cwd=CHECKOUT,
            env={**os.environ, "PASSERELLE_TEST_DATABASE": f"{server}/{name}"},
            check=False,
        ).returncode  # fmt: skip
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main())
