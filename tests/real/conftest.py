"""The real files, each read and scored once for all tests of a process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real import real_files
from tests.real.real_files import RealFile
from tests.real.scoring import Scored, score


@pytest.fixture(scope="session")
def data(require: Callable[[str], str]) -> Path:
    """The folder of real data."""
    return Path(require("shared")) / "data"


@pytest.fixture(scope="session")
def x_education(data: Path) -> RealFile:
    """Leads of an online-course seller."""
    return real_files.x_education(data)


@pytest.fixture(scope="session")
def olist(data: Path) -> RealFile:
    """Shops that asked a marketplace to call."""
    return real_files.olist(data)


@pytest.fixture(scope="session")
def bank(data: Path, tmp_path_factory: pytest.TempPathFactory) -> RealFile:
    """Calls of a bank."""
    return real_files.bank(data, room=tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="session")
def x_education_scored(x_education: RealFile, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """The courses' leads with their scores."""
    return score(x_education, room=tmp_path_factory.mktemp("x_education"))


@pytest.fixture(scope="session")
def olist_scored(olist: RealFile, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """The shops with their scores."""
    return score(olist, room=tmp_path_factory.mktemp("olist"))


@pytest.fixture(scope="session")
def bank_scored(bank: RealFile, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """The calls with their scores."""
    return score(bank, room=tmp_path_factory.mktemp("bank_scored"))
