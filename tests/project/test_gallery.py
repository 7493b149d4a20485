"""The gallery is found in a checkout and travels inside the wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

from passerelle.project.gallery import find_agreement, gallery
from tests.outside import CHECKOUT
from tests.project.desk import environment


def test_a_checkout_has_it_at_its_top() -> None:
    assert {path.parent for path in gallery().values()} == {CHECKOUT / "agreements"}
    assert find_agreement("plezi") == CHECKOUT / "agreements" / "plezi.yaml"


def test_a_file_of_that_name_comes_first(tmp_path: Path) -> None:
    mine = tmp_path / "plezi"
    mine.write_text("passerelle: 1\n", "utf-8")

    assert find_agreement(str(mine)) == mine


def test_an_installed_wheel_brings_it_along(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=CHECKOUT, capture_output=True, check=True,
    )  # fmt: skip
    installed = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(installed)

    code = "from passerelle.project.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code, "agreement", "check", "plezi"],
        cwd=tmp_path, env={**environment(), "PYTHONPATH": str(installed)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert str(installed / "passerelle" / "agreements" / "plezi.yaml") in ended.stdout
    assert sorted(path.name for path in (installed / "passerelle" / "agreements").iterdir()) == (
        sorted(path.name for path in (CHECKOUT / "agreements").iterdir())
    )
