"""A whole installation in one file, made while it serves, and put back elsewhere.

The file is a tar: a Parquet file a table, the history's files, the inbox, the secret, and last of
all `manifest.json` with what they are and their checksums. Values are written as no database
writes them, so that what was backed up from SQLite can be restored into PostgreSQL, and back.
"""
