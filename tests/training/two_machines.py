"""One of two machines that share a folder and nothing else: fills its part of arrays there.

`python -m tests.training.two_machines FOLDER FAULT`, in the environment that torchrun makes. What
FAULT says happens to what the second machine writes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import torch

from core.errors import UserError
from core.training.array_file import ArrayFile
from core.training.filling import Recipe, fill_arrays
from core.training.processes import Processes

SHAPE, BLOCK = (32_768, 3), 300  # 6 bytes a row: blocks that would share pages


def compute(rows: slice) -> torch.Tensor:
    values = torch.arange(rows.start, rows.stop)[:, None] % 1000 + torch.tensor([1, 2, 3])
    return values.half()


def plant(fault: str) -> None:
    fill, flush = ArrayFile.fill, ArrayFile.flush
    held: list[tuple[ArrayFile, slice, np.ndarray]] = []

    def keep(file: ArrayFile, rows: slice, values: np.ndarray) -> None:
        held.append((file, rows, values))

    def write_late(file: ArrayFile) -> None:
        time.sleep(1)
        for own, rows, values in held:
            if own is file:
                fill(file, rows, values)
        flush(file)

    def lose(file: ArrayFile, rows: slice, values: np.ndarray) -> None:
        fill(file, rows, values)
        if not held or fault == "always":
            held.append((file, rows, values))
            file.array[rows] = 0

    if fault == "delayed":
        ArrayFile.fill = keep  # type: ignore[method-assign, assignment]
        ArrayFile.flush = write_late  # type: ignore[method-assign, assignment]
    elif fault in ("lost", "always"):
        ArrayFile.fill = lose  # type: ignore[method-assign, assignment]


def main(folder: Path, fault: str) -> int:
    processes = Processes("cpu")
    assert processes.machines == 2
    if processes.rank == 1:
        plant(fault)
    recipe = Recipe("Filling", lambda rows: rows, lambda rows: (compute(rows), -compute(rows)))
    shapes = {"stem": (SHAPE, "float16"), "moments": (SHAPE, "float16")}
    try:
        array, other = fill_arrays(folder, shapes, BLOCK, recipe, processes)
        np.testing.assert_array_equal(array, compute(slice(0, SHAPE[0])).numpy())
        np.testing.assert_array_equal(other, -array)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    finally:
        processes.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
