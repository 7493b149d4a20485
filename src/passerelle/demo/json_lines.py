"""Arrow tables as lines of JSON, built column by column; a null field is left out."""

from __future__ import annotations

import json
import sys

import pyarrow as pa
import pyarrow.compute as pc


def json_lines(table: pa.Table) -> bytes:
    """One JSON object a row, in the order of the columns, each ended by a newline."""
    if not table.num_rows:
        return b""
    members = [_members(name, table[name].combine_chunks()) for name in table.column_names]
    joined = pc.binary_join_element_wise(*members, ",", null_handling="skip")
    lines = pc.binary_join_element_wise("{", joined, "}\n", "")
    # The texts of an Arrow array lie one after the other: that is the file already.
    _, offsets, data = lines.buffers()
    end = int.from_bytes(offsets[4 * len(lines) : 4 * len(lines) + 4].to_pybytes(), sys.byteorder)
    return bytes(memoryview(data)[:end])


def _members(name: str, column: pa.Array) -> pa.Array:
    """`"name":value` for each row, null where the value is."""
    if pa.types.is_dictionary(column.type):
        return _members(name, column.dictionary).take(column.indices)
    return pc.binary_join_element_wise(json.dumps(name) + ":", _literals(column), "")


def _literals(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _quoted(pc.strftime(column.cast(pa.timestamp("us", tz="UTC")), "%Y-%m-%dT%H:%M:%SZ"))
    if pa.types.is_string(kind):
        escaped = pc.replace_substring(pc.replace_substring(column, "\\", "\\\\"), '"', '\\"')
        return _quoted(escaped)
    return _quoted(column.cast(pa.string())) if pa.types.is_date(kind) else column.cast(pa.string())


def _quoted(texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise('"', texts, '"', "")
