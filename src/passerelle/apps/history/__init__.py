"""The log's columnar copy, from which everybody is scored at once."""
