"""The desk that tests of files sit at."""

from pathlib import Path

import pytest

from tests.files.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
