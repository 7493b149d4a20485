"""Three files of real leads: where they are, in the order of time, and what became of each."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
FIRST_SHARE = 0.7
"""The points were settled on this share of the leads, the first ones; the rest judges them."""
OLIST_FROM, OLIST_REST_FROM = "2018-01-01", "2018-04-01"
OLIST_FOLLOWED = timedelta(days=150)
"""The last contact was 2018-05-31, the last win 2018-11-14: all can be followed so long."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class RealFile:
    """A leads file as it is given to the command line, and the outcome, which is not in there.

    Attributes:
        name: of the agreement and the mapping beside this module.
        leads: the file to be scored.
        as_of: the date of the scoring; what counters count is taken to have happened then.
        row_count: the rows of the file, of which `rows` are those that can be judged.
        keys, rows, won: the judged leads in the order of time.
        first: how many of them the points were settled on.
    """

    name: str
    leads: Path
    as_of: str
    row_count: int
    keys: tuple[str, ...]
    rows: tuple[Row, ...]
    won: NDArray[np.bool_]
    first: int

    @property
    def agreement(self) -> Path:
        """The agreement, written by hand."""
        return HERE / f"{self.name}.yaml"

    @property
    def mapping(self) -> Path:
        """The mapping of the file's columns."""
        return HERE / f"{self.name}.mapping.yaml"

    def column(self, name: str) -> list[str]:
        """The cells of one column of the judged leads."""
        return [row[name] for row in self.rows]


def x_education(data: Path) -> RealFile:
    """Leads of an online-course seller; the running number stands for time."""
    path = data / "x_education" / "leads_70.csv.gz"
    rows = sorted(_rows(path), key=lambda row: int(row["Lead Number"]))
    return RealFile(
        name="x_education",
        leads=path,
        as_of="2020-01-01",
        row_count=len(rows),
        keys=tuple(row["Prospect ID"] for row in rows),
        rows=tuple(rows),
        won=np.array([row["Converted"] == "1" for row in rows]),
        first=int(len(rows) * FIRST_SHARE),
    )


def olist(data: Path) -> RealFile:
    """Shops that asked a marketplace to call; won within 150 days of the first contact or not.

    Wins before December 2017 are missing, so only the contacts of 2018 are judged.
    """
    path = data / "olist_funnel" / "olist_marketing_qualified_leads_dataset.csv.gz"
    deals = data / "olist_funnel" / "olist_closed_deals_dataset.csv.gz"
    won_at = {row["mql_id"]: row["won_date"] for row in _rows(deals)}
    every = list(_rows(path))
    rows = sorted(
        (row for row in every if row["first_contact_date"] >= OLIST_FROM),
        key=lambda row: row["first_contact_date"],
    )
    return RealFile(
        name="olist",
        leads=path,
        as_of="2018-11-15",
        row_count=len(every),
        keys=tuple(row["mql_id"] for row in rows),
        rows=tuple(rows),
        won=np.array([_followed_win(row, won_at) for row in rows]),
        first=sum(row["first_contact_date"] < OLIST_REST_FROM for row in rows),
    )


def bank(data: Path, *, room: Path) -> RealFile:
    """Calls of a bank, in the order of time.

    The file has no key: a copy in `room` numbers its rows. A number alone would not do as a key,
    because 999 is one of the cells that mean nothing was filled in.
    """
    path = room / "bank-additional-full.csv"
    given = data / "bank_marketing" / "bank-additional-full.csv.gz"
    with gzip.open(given, "rt", encoding="utf-8") as lines, path.open("w", encoding="utf-8") as out:
        out.writelines(_numbered(lines))
    rows = tuple(_rows(path, delimiter=";"))
    return RealFile(
        name="bank",
        leads=path,
        as_of="2010-12-01",
        row_count=len(rows),
        keys=tuple(row["row"] for row in rows),
        rows=rows,
        won=np.array([row["y"] == "yes" for row in rows]),
        first=int(len(rows) * FIRST_SHARE),
    )


def without_columns(file: RealFile, columns: Sequence[str], *, path: Path) -> Path:
    """A copy of a file at `path` that lacks these columns."""
    delimiter = ";" if file.name == "bank" else ","
    with path.open("w", encoding="utf-8", newline="") as out:
        kept = [name for name in file.rows[0] if name not in columns]
        writer = csv.DictWriter(out, kept, extrasaction="ignore", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(file.rows)
    return path


def _rows(path: Path, *, delimiter: str = ",") -> Iterator[Row]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter=delimiter)
    else:
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter=delimiter)


def _followed_win(row: Row, won_at: dict[str, str]) -> bool:
    if row["mql_id"] not in won_at:
        return False
    # the first contact has no time of day, so a span may be up to a day too long
    first = datetime.fromisoformat(row["first_contact_date"])
    return datetime.fromisoformat(won_at[row["mql_id"]]) - first < OLIST_FOLLOWED


def _numbered(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"call-{number};{line}" if number else f"row;{line}"
