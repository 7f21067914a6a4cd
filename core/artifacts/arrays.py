"""Arrays of a run: the header is checked against the file before memory is allocated."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
from numpy.lib import format as npy

_READERS: Final = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


@dataclass(frozen=True)
class ArrayHeader:
    """The header of a ``.npy`` file; ``start``: offset of the values, in bytes."""

    shape: tuple[int, ...]
    dtype: np.dtype
    is_column_major: bool
    start: int


def read_header(file: BinaryIO) -> ArrayHeader:
    """Header of a ``.npy`` file whose length fits it; raises ``ValueError``, ``EOFError``."""
    version = npy.read_magic(file)
    if version not in _READERS:
        raise ValueError(f"version {version} of the format")
    shape, is_column_major, dtype = _READERS[version](file)
    start = file.tell()
    if dtype.hasobject or dtype.itemsize == 0:
        raise ValueError("objects, not numbers")
    if any(axis < 0 for axis in shape):
        raise ValueError(f"shape {shape}")
    held, told = os.fstat(file.fileno()).st_size - start, math.prod(shape) * dtype.itemsize
    if held != told:
        raise ValueError(f"{held:,} bytes of values, where the header says {told:,}")
    return ArrayHeader(shape, dtype, is_column_major, start)


def read_values(file: BinaryIO, header: ArrayHeader) -> np.ndarray:
    """The values after ``header``, float16 as float32; raises ``ValueError`` for NaN, infinity."""
    values = _read_numbers(file, header, math.prod(header.shape))
    return values.reshape(header.shape, order="F" if header.is_column_major else "C")


def read_row(file: BinaryIO, header: ArrayHeader, row: int) -> np.ndarray:
    """Row ``row`` of an array of two axes, and no more of the file; values as ``read_values``."""
    if header.is_column_major:
        found: np.ndarray = read_values(file, header)[row]
        return found
    width = header.shape[1]
    file.seek(header.start + row * width * header.dtype.itemsize)
    return _read_numbers(file, header, width)


def _read_numbers(file: BinaryIO, header: ArrayHeader, count: int) -> np.ndarray:
    values = np.fromfile(file, header.dtype, count)
    if len(values) != count:
        raise ValueError("the file was truncated while it was read")
    if values.dtype == np.float16:
        values = values.astype(np.float32)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ValueError("NaN or infinity")
    return values
