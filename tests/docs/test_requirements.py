"""The locks hold what pyproject.toml asks for, at one version each, every file by its hash."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.outside import CHECKOUT

RUN, DEV = (CHECKOUT / "requirements" / f"{name}.txt" for name in ("run", "dev"))
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))


def _asked(*groups: str) -> list[Requirement]:
    lines = [line for group in groups for line in PROJECT["dependency-groups"][group]]
    return [Requirement(line) for line in [*PROJECT["project"]["dependencies"], *lines]]


def _pins(lock: Path) -> set[tuple[str, str]]:
    found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text("utf-8"), re.MULTILINE)
    return {(canonicalize_name(name), version) for name, version in found}


@pytest.mark.parametrize(
    ("lock", "groups"), [(RUN, ["build"]), (DEV, ["build", "dev"])], ids=["run", "dev"]
)
def test_a_lock_holds_everything_asked_for(lock: Path, groups: list[str]) -> None:
    pins = _pins(lock)

    lacking = [
        str(asked)
        for asked in _asked(*groups)
        if not any(
            name == canonicalize_name(asked.name) and asked.specifier.contains(version)
            for name, version in pins
        )
    ]

    assert lacking == [], "run `make lock`"


def test_what_is_checked_is_what_is_run() -> None:
    assert _pins(RUN) - _pins(DEV) == set()


@pytest.mark.parametrize("lock", [RUN, DEV, RUN.with_name("ci.txt")], ids=lambda lock: lock.name)
def test_every_pin_has_its_hashes(lock: Path) -> None:
    text = lock.read_text("utf-8")

    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]

    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
