"""What Django is told of an installation: its database, its mail, the hosts it answers to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from passerelle.project.configuration import Configuration

_OF_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
_ANYWHERE = frozenset({"0.0.0.0", "::", "[::]"})  # noqa: S104  # compared with, not listened at

_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"  # readers never wait for the writer
    "PRAGMA synchronous=FULL;"  # what was committed survives a power cut
    "PRAGMA foreign_keys=ON;"
    "PRAGMA secure_delete=ON;"  # what is deleted is not left on the disk
    "PRAGMA cache_size=-65536;"  # 64 MB a connection
    "PRAGMA mmap_size=268435456;"
    "PRAGMA journal_size_limit=67108864;"  # the WAL shrinks again after a large transaction
    "PRAGMA temp_store=MEMORY"
)


def database_settings(how: Configuration) -> dict[str, Any]:
    """Django's settings of the one database."""
    database: dict[str, Any] = dict(dj_database_url.parse(how.database))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",  # a writer waits at its beginning, never half-way
            "timeout": 20,
            "init_command": _PRAGMAS,
        }
    else:
        options = database.setdefault("OPTIONS", {})
        options.setdefault("connect_timeout", 5)
        options.setdefault("application_name", "passerelle")
    # A request of the web has a thread of its own, so a connection of its own, which ends with it;
    # workers, which serve no requests, keep theirs.
    database["CONN_MAX_AGE"] = 0
    return database


def answered_hosts(how: Configuration) -> list[str]:
    """The host names for which requests are answered."""
    if how.allowed_hosts:
        return list(how.allowed_hosts)
    own = [] if how.host in _ANYWHERE else [how.host]
    public = urlsplit(how.public_url).hostname
    return [*_OF_THIS_MACHINE, *own, *([public] if public else [])]


def mail_settings(how: Configuration) -> dict[str, Any]:
    """How mail is sent; without a server it is written into files of the data folder."""
    common = {"DEFAULT_FROM_EMAIL": how.mail_from, "SERVER_EMAIL": how.mail_from}
    if not how.mail_host:
        return common | {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(how.data / "mail"),
        }
    return common | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": how.mail_host,
        "EMAIL_PORT": how.mail_port,
        "EMAIL_HOST_USER": how.mail_user,
        "EMAIL_HOST_PASSWORD": how.mail_password,
        "EMAIL_USE_TLS": how.mail_security == "starttls",
        "EMAIL_USE_SSL": how.mail_security == "tls",
        "EMAIL_TIMEOUT": 20,
    }
