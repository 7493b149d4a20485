"""What three real files give: AUC, lift, conversion by stage, on leads the points never saw.

Run it with PASSERELLE_SHARED set, or with the shared data beside the checkout: half a minute.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from tests.real import leaks, real_files  # noqa: E402 - the checkout's own judges
from tests.real.real_files import RealFile  # noqa: E402
from tests.real.scoring import LADDER, Scored, Verdict, score  # noqa: E402

HEAD = ("leads", "n", "won", "AUC", "top tenth", *LADDER)
WIDTHS = (50, 6, 6, 5, 9, 28, 28, 28)


def main() -> None:
    """Print a table for each file."""
    data = Path(os.environ.get("PASSERELLE_SHARED", CHECKOUT.parent / "shared")) / "data"
    if not data.is_dir():
        print(f"Left out: no real data at {data}; name their folder in PASSERELLE_SHARED.")
        return
    with tempfile.TemporaryDirectory() as room:
        _x_education(real_files.x_education(data), Path(room))
        _olist(real_files.olist(data), Path(room))
        _bank(real_files.bank(data, room=Path(room)), Path(room))


def _x_education(file: RealFile, room: Path) -> None:
    scored = score(file, room=room)
    _begin("X Education, outcome Converted", scored)
    origins = np.array(file.column("Lead Origin"))
    own, later = origins != "Lead Add Form", np.arange(len(origins)) >= file.first
    _line("all, Lead Add Form left out", scored.judge(own))
    _line("rest, Lead Add Form left out", scored.judge(own & later))
    for rules in (
        ("hand_raiser",),
        ("hand_raiser", "recommended"),
        ("occupation",),
        ("time", "visits", "depth"),
        ("depth",),
        ("hand_raiser", "recommended", "occupation"),
    ):
        _without(file, rules, room)
    _alone(file, leaks.X_EDUCATION)


def _olist(file: RealFile, room: Path) -> None:
    scored = score(file, room=room)
    _begin("Olist, won within 150 days of the first contact", scored)
    months = np.array([day[:7] for day in file.column("first_contact_date")])
    for month in np.unique(months):
        _line(f"first contact {month}", scored.judge(months == month))
    for rules in (("page",), ("unnamed",), ("page", "unnamed")):
        _without(file, rules, room)


def _bank(file: RealFile, room: Path) -> None:
    _begin("Bank, outcome y", score(file, room=room))
    for rules in (("month",), ("bought", "recent", "known"), ("age", "job")):
        _without(file, rules, room)
    _alone(file, leaks.BANK)
    print(f"{'  duration as it stands':50} {leaks.auc_of_number(file, 'duration'):.3f}")


def _begin(title: str, scored: Scored) -> None:
    print(f"\n{title}: {scored.written} scored, {len(scored.rejected)} rejected")
    _print(HEAD)
    _line("first, the points were settled on these", scored.first)
    _line("rest, came after", scored.rest)
    _line("all", scored.all)


def _without(file: RealFile, rules: Sequence[str], room: Path) -> None:
    scored = score(file, room=room, without=rules)
    _line(f"rest, without {', '.join(rules)}", scored.rest)


def _line(title: str, verdict: Verdict) -> None:
    _print((title, *_cells(verdict)))


def _cells(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.won.n}"
    yield f"{verdict.won.rate:.1%}"
    yield f"{verdict.auc:.3f}"
    yield f"{verdict.top_lift:.2f}"
    for stage in verdict.stages.values():
        if stage.n == 0:
            yield "none"
        else:
            low, high = stage.interval
            yield f"{stage.rate:6.1%} ({low:.1%} to {high:.1%}) {stage.n:6}"


def _alone(file: RealFile, columns: Sequence[str]) -> None:
    print("AUC on the rest of what is not read, each column alone:")
    for column in columns:
        print(f"{'  ' + column:50} {leaks.auc_alone(file, column):.3f}")


def _print(cells: Sequence[str]) -> None:
    print("  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip())


if __name__ == "__main__":
    main()
