"""An array on disk that is filled block by block, with a checksum for each finished block."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from core.atomic_files import replace_file, sync_file
from core.progress import say
from core.training.disk import explain_full_disk, require_space, reserve_space

PAGE: Final = 4096
_FILLED: Final = 1 << 32  # set above a filled block's checksum


class ArrayFile:
    """``name.npy``, memory-mapped, and ``name.checksums``: one uint64 a block, 0 until it is
    filled.

    Opening creates the files where they are missing or malformed. A block's checksum is written
    after the block and verified when the file is opened, so a kill, a power cut or a bad disk
    cannot pass off a partial block as complete.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        shape: tuple[int, ...],
        dtype: str,
        block: int,
    ) -> None:
        self.block, self.blocks = block, -(-shape[0] // block)
        self._path, self._checksums_path = folder / f"{name}.npy", folder / f"{name}.checksums"
        array = _open_array(self._path, shape, dtype)
        if array is None:
            if self._path.exists() or self._checksums_path.exists():
                say(f"{self._path} is missing or damaged and is computed again.")
            self._create(shape, dtype)
            array = np.load(self._path, mmap_mode="r+")
        self.array: np.memmap = array
        if (
            not self._checksums_path.exists()
            or self._checksums_path.stat().st_size != 8 * self.blocks
        ):
            self._checksums_path.write_bytes(bytes(8 * self.blocks))

    def missing(self) -> list[slice]:
        """Rows of the blocks that are not filled yet, or that are damaged."""
        checksums = np.fromfile(self._checksums_path, dtype="<u8")
        missing, damaged = [], 0
        for number, stored in enumerate(checksums.tolist()):
            rows = slice(number * self.block, min((number + 1) * self.block, len(self.array)))
            if stored == 0:
                missing.append(rows)
            elif stored != _FILLED | _checksum(self.array[rows]):
                damaged += 1
                missing.append(rows)
        if damaged:
            say(f"{damaged} of {self.blocks} blocks in {self._path} are damaged: computed again.")
        return missing

    def fill(self, rows: slice, values: np.ndarray) -> None:
        """Writes one block, then its checksum."""
        self.array[rows] = values
        stored = np.array(_FILLED | _checksum(self.array[rows]), dtype="<u8")
        with self._checksums_path.open("r+b") as file:
            file.seek(8 * (rows.start // self.block))
            file.write(stored.tobytes())

    def flush(self) -> None:
        """Writes everything out, for other machines to see."""
        self.array.flush()
        sync_file(self._path)
        sync_file(self._checksums_path)

    def _create(self, shape: tuple[int, ...], dtype: str) -> None:
        folder, name = self._path.parent, self._path.stem
        # Removed before the array exists, so that no old checksum can match it.
        self._checksums_path.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)
        needed = int(np.prod(shape)) * np.dtype(dtype).itemsize
        with explain_full_disk(name, folder), replace_file(self._path) as beside:
            require_space(folder, name, needed)
            _write_zeros(beside, shape, dtype)
            reserve_space(beside)


def _open_array(path: Path, shape: tuple[int, ...], dtype: str) -> np.memmap | None:
    """The array on disk; None when there is none of that shape and type, whole."""
    try:
        array: np.memmap = np.load(path, mmap_mode="r+")
    except (FileNotFoundError, ValueError, EOFError):
        return None
    return array if array.shape == shape and array.dtype == np.dtype(dtype) else None


def _write_zeros(path: Path, shape: tuple[int, ...], dtype: str) -> None:
    """A sparse .npy file whose values begin with a page of their own."""
    kind = np.dtype(dtype)
    header = {"descr": kind.str, "fortran_order": False, "shape": shape}
    with path.open("wb") as file:
        file.write(np.lib.format.magic(1, 0))
        length = PAGE - file.tell() - 2
        file.write(struct.pack("<H", length) + f"{header!s:<{length - 1}}\n".encode("latin1"))
        file.truncate(PAGE + int(np.prod(shape)) * kind.itemsize)


def align_block(block: int, row_bytes: Iterable[int]) -> int:
    """The least number of rows from ``block`` on that fill whole pages of every array.

    Machines that share a folder write whole pages of a memory map: blocks that share one would
    overwrite each other.
    """
    step = max(PAGE // math.gcd(each, PAGE) for each in row_bytes)  # powers of two
    return -(-block // step) * step


def _checksum(block: np.ndarray) -> int:
    return zlib.crc32(np.ascontiguousarray(block).view(np.uint8).data)
