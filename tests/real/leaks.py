"""How far one column alone would have told the outcome: what a leak is worth."""

from __future__ import annotations

from collections import Counter

from tests.real.judging import auc
from tests.real.real_files import RealFile

# What sales, or a vendor's own score, wrote after the lead came in, and what the export found last.
X_EDUCATION = (
    "Tags",
    "Lead Quality",
    "Lead Profile",
    "Asymmetrique Activity Index",
    "Asymmetrique Profile Index",
    "Asymmetrique Activity Score",
    "Asymmetrique Profile Score",
    "Last Activity",
    "Last Notable Activity",
)
# The length of the call, the calls made so far with this one, and the economy's indices.
BANK = (
    "duration",
    "campaign",
    "emp.var.rate",
    "cons.price.idx",
    "cons.conf.idx",
    "euribor3m",
    "nr.employed",
)
# Every column of the closed deals but the key: they are filled in for winners alone.
OLIST = (
    "seller_id",
    "sdr_id",
    "sr_id",
    "won_date",
    "business_segment",
    "lead_type",
    "lead_behaviour_profile",
    "has_company",
    "has_gtin",
    "average_stock",
    "business_type",
    "declared_product_catalog_size",
    "declared_monthly_revenue",
)
OUTCOMES = {"x_education": "Converted", "bank": "y"}


def auc_alone(file: RealFile, column: str) -> float:
    """The AUC, on the rest, of each value's conversion in the first part.

    A value not seen there gets the conversion of all.
    """
    cells, first = file.column(column), file.first
    seen = Counter(cells[:first])
    won = Counter(cell for cell, win in zip(cells[:first], file.won[:first], strict=True) if win)
    overall = float(file.won[:first].mean())
    scores = [won[cell] / seen[cell] if cell in seen else overall for cell in cells[first:]]
    return auc(scores, file.won[first:])


def auc_of_number(file: RealFile, column: str) -> float:
    """The AUC, on the rest, of the number in that column as it stands; empty counts as 0."""
    scores = [float(cell or 0) for cell in file.column(column)[file.first :]]
    return auc(scores, file.won[file.first :])
