"""The installation that tests run in: thrown away afterwards, on SQLite or on PostgreSQL.

`PASSERELLE_TEST_DATABASE` is the URL of a PostgreSQL server to use instead of SQLite.
"""

import os
import tempfile
from pathlib import Path

_room = tempfile.TemporaryDirectory(prefix="passerelle-tests-")
os.environ["PASSERELLE_DATA"] = _room.name
os.environ["PASSERELLE_SECRET_KEY"] = "for tests alone"
os.environ["PASSERELLE_CONFIG"] = str(Path(_room.name, "none.toml"))
os.environ["DATABASE_URL"] = os.environ.get("PASSERELLE_TEST_DATABASE", "")

from passerelle.project.settings import *  # noqa: E402, F403  # after what it reads
from passerelle.project.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of sign-ins
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # a file, so that threads and processes of a test see the same
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_room.name, f"tests-{os.getpid()}.db"))}
