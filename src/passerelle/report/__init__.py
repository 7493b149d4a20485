"""The self-contained HTML report of one scoring run."""

from passerelle.report.writing import write_report

__all__ = ["write_report"]
