"""Keys of leads and companies: the same for the same name, and telling nothing of it."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

from django.conf import settings

LENGTH = 16


def key_for(kind: str, value: str) -> str:
    """A short key for a name, which says nothing without the installation's secret.

    It does not depend on when a row was written, so leads rebuilt from the log keep theirs.
    """
    secret = f"passerelle.people.{settings.SECRET_KEY}".encode()
    digest = hmac.new(secret, f"{kind}:{value}".encode(), sha256).digest()
    return base64.b32encode(digest).decode().lower()[:LENGTH]
