"""A real file scored by its agreement, or by that agreement without some of its rules."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from tests.real.judging import Conversion, auc, conversion_by_stage, top_lift
from tests.real.real_files import RealFile

LADDER = ("lead", "mql", "sales_ready")
SOURCE = Path(__file__).parents[2] / "src"
PASSERELLE = (sys.executable, "-c", "from passerelle.project.main import main; main()")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a score was worth on some leads."""

    won: Conversion
    auc: float
    top_lift: float
    stages: dict[str, Conversion]


@dataclass(frozen=True, slots=True)
class Scored:
    """Totals and stages of the judged leads, in their order; `written` counts every lead's row."""

    file: RealFile
    totals: NDArray[np.float64]
    stages: NDArray[np.str_]
    written: int
    rejected: tuple[dict[str, str], ...]

    @property
    def first(self) -> Verdict:
        """On the leads that the points were settled on."""
        return self.judge(np.arange(len(self.totals)) < self.file.first)

    @property
    def rest(self) -> Verdict:
        """On the leads that came after them."""
        return self.judge(np.arange(len(self.totals)) >= self.file.first)

    @property
    def all(self) -> Verdict:
        """On all judged leads."""
        return self.judge(np.full(len(self.totals), fill_value=True))

    def judge(self, chosen: NDArray[np.bool_]) -> Verdict:
        """On the leads that are chosen."""
        totals, stages, won = self.totals[chosen], self.stages[chosen], self.file.won[chosen]
        return Verdict(
            won=Conversion(int(won.sum()), len(won)),
            auc=auc(totals, won),
            top_lift=top_lift(totals, won),
            stages=conversion_by_stage(stages, won, ladder=LADDER),
        )


def score(
    file: RealFile, *, room: Path, without: Collection[str] = (), leads: Path | None = None
) -> Scored:
    """The file scored by `passerelle score` in a process of its own.

    Args:
        file: what to score.
        room: a folder for what is written.
        without: keys of rules to leave out of the agreement.
        leads: a copy to score in place of the file.
    """
    agreement = _agreement_without(file, without, room=room) if without else file.agreement
    out, rejects = room / f"{file.name}.scores.csv", room / f"{file.name}.rejects.csv"
    command = ["score", leads or file.leads, "--agreement", agreement, "--map", file.mapping]
    command += ["--as-of", file.as_of, "--out", out, "--rejects", rejects, "--quiet"]
    subprocess.run(
        [*PASSERELLE, *map(str, command)],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    found = {row["lead"]: row for row in _rows(out)}
    return Scored(
        file=file,
        totals=np.array([float(found[key]["total"]) for key in file.keys]),
        stages=np.array([found[key]["stage"] for key in file.keys]),
        written=len(found),
        rejected=tuple(_rows(rejects)),
    )


def _agreement_without(file: RealFile, keys: Collection[str], *, room: Path) -> Path:
    document = yaml.safe_load(file.agreement.read_text("utf-8"))
    kept = [rule for rule in document["rules"] if rule["key"] not in keys]
    if len(kept) + len(keys) != len(document["rules"]):
        raise ValueError(f"{file.name} lacks one of the rules {sorted(keys)}")
    path = room / f"{file.name}.{'.'.join(keys)}.yaml"
    path.write_text(yaml.safe_dump(document | {"rules": kept}, sort_keys=False), "utf-8")
    return path


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
