"""Finished pieces of a run in the making, so that the same command goes on where it was stopped."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.errors import UserError

DISK_RESERVE = 1 << 30  # bytes left free beside what is asked for


class WorkFolder:
    """A folder whose files are each written whole or not at all."""

    def __init__(self, root: Path, identity: dict[str, Any]) -> None:
        text = json.dumps(identity, sort_keys=True, default=str)
        self.path = root / ".work" / hashlib.sha256(text.encode()).hexdigest()[:16]
        self.path.mkdir(parents=True, exist_ok=True)

    def load(self, name: str) -> Any:
        """The piece ``name``, tensors on the CPU; None when it was not finished."""
        path = self.path / name
        return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None

    def save(self, name: str, piece: Any) -> None:
        """Keeps ``piece`` (tensors, numbers, strings, dicts and lists of them)."""
        partial = self.path / f"{name}.partial"
        with partial.open("wb") as file:
            torch.save(piece, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.path / name)

    def remove_piece(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def remove(self) -> None:
        """Everything is published: nothing is left to go on from."""
        shutil.rmtree(self.path, ignore_errors=True)


class ArrayFile:
    """An array on disk that is filled block by block, and remembers which blocks are whole."""

    def __init__(
        self, folder: Path, name: str, shape: tuple[int, ...], dtype: str, block: int
    ) -> None:
        self.block, self.blocks = block, -(-shape[0] // block)
        self._done_path = folder / f"{name}.done"
        path = folder / f"{name}.npy"
        if not path.exists():
            _require_space(folder, name, int(np.prod(shape)) * np.dtype(dtype).itemsize)
            self._done_path.unlink(missing_ok=True)
            partial = path.with_suffix(".partial")
            np.lib.format.open_memmap(partial, mode="w+", dtype=np.dtype(dtype), shape=shape)
            partial.replace(path)
        self.array: np.memmap = np.load(path, mmap_mode="r+")
        if not self._done_path.exists() or self._done_path.stat().st_size != self.blocks:
            self._done_path.write_bytes(bytes(self.blocks))

    def missing(self) -> list[slice]:
        """Rows of the blocks that are not filled yet."""
        done = self._done_path.read_bytes()
        return [
            slice(b * self.block, min((b + 1) * self.block, len(self.array)))
            for b in range(self.blocks)
            if not done[b]
        ]

    def fill(self, rows: slice, values: np.ndarray) -> None:
        """Writes one block, then marks it."""
        self.array[rows] = values
        self.array.flush()
        with self._done_path.open("r+b") as file:
            file.seek(rows.start // self.block)
            file.write(b"\1")


def _require_space(folder: Path, name: str, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed + DISK_RESERVE > free:
        raise UserError(
            f"no room for {name} in {folder}",
            found=f"{free / 1e9:.1f} GB free",
            expected=f"{(needed + DISK_RESERVE) / 1e9:.1f} GB",
            remedy="Free some space, name another folder with --artifacts, or make the model "
            "smaller with --image-size or --views whole.",
        )
