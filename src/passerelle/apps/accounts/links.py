"""Secrets that are shown once: what is kept of them is a hash that opens nothing."""

from __future__ import annotations

import hashlib
import secrets


def new_secret(prefix: str = "") -> str:
    """256 random bits as text that fits into an address, behind a prefix that says what it is."""
    return prefix + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of a secret. It has 256 bits of its own, so that it needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
