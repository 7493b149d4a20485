"""Arrow columns made from coded arrays without a Python object a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from passerelle.demo.delivery import NULL
from passerelle.demo.draws import Codes, Flags

INSTANT = pa.timestamp("us", tz="UTC")


def coded(codes: Codes, values: Sequence[str]) -> pa.Array:
    """The `values` that `codes` index, dictionary-encoded; a negative code is null."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values, type=pa.string()))


def instants(microseconds: Codes) -> pa.Array:
    """UTC instants; NULL becomes null."""
    return pa.array(microseconds, mask=microseconds == NULL).cast(INSTANT)


def numbers(values: NDArray[np.generic], known: Flags, kind: pa.DataType) -> pa.Array:
    """Numbers where `known`, null elsewhere."""
    return pa.array(values, mask=~known).cast(kind)


def texts(values: Sequence[str], known: Flags) -> pa.Array:
    """Texts where `known`, null elsewhere."""
    return pa.array(values, type=pa.string(), mask=~known)


def fixed_texts(characters: NDArray[np.uint8], known: Flags | None = None) -> pa.Array:
    """One text a row of `characters` (ASCII codes), all of one length; null where not `known`."""
    size, width = characters.shape
    offsets = np.arange(0, (size + 1) * width, width, dtype=np.int32)
    validity = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    data = pa.py_buffer(np.ascontiguousarray(characters))
    return pa.Array.from_buffers(pa.string(), size, [validity, pa.py_buffer(offsets), data])


def lead_keys(numbers_: Codes) -> pa.Array:
    """The keys of leads by number: L and eight digits, so that text sorts as the numbers do."""
    powers = 10 ** np.arange(7, -1, -1, dtype=np.int64)
    digits = (numbers_[:, None] // powers) % 10 + ord("0")
    letter = np.full((len(numbers_), 1), ord("L"))
    return fixed_texts(np.concatenate([letter, digits], axis=1).astype(np.uint8))
