"""One demo company that the tests of its statistics share."""

from pathlib import Path

import pytest

from tests.demo.company import Company, a_company


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Twenty thousand leads over a year: enough for a rate of one in a hundred to show."""
    folder: Path = tmp_path_factory.mktemp("demo")
    return a_company(folder, leads=20_000, events_per_lead=16)
