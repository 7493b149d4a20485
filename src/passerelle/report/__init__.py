"""The self-contained HTML report of one scoring run."""
