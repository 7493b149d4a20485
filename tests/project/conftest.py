"""The desk that the tests of the command line work at."""

from pathlib import Path

import pytest

from tests.project.desk import Desk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder of the test's own, with the small company's files."""
    return a_desk(tmp_path)
