"""Attempts to sign in are counted in a table: each test begins without any."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    cache.clear()
