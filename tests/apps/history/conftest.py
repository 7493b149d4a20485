"""Each test of the history has a store of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_history(settings: Settings, tmp_path: Path) -> None:
    settings.HISTORY_URL = str(tmp_path / "history")
