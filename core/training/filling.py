"""An array file that all processes fill, on one machine or on several that share a folder."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from core.errors import UserError
from core.progress import stage
from core.training.array_file import ArrayFile
from core.training.processes import Processes
from core.training.transfer import read_ahead

ATTEMPTS: Final = 3  # at blocks that another machine does not see as they were written


@dataclass(frozen=True)
class Recipe:
    """How a block of rows is made: ``compute`` gives values (b, ...) from what ``read`` brings."""

    title: str
    read: Callable[[slice], Any]
    compute: Callable[[Any], torch.Tensor]


def fill_array(
    folder: Path,
    name: str,
    shape: tuple[int, ...],
    block: int,
    recipe: Recipe,
    processes: Processes,
) -> np.memmap:
    """The float16 array ``name`` in ``folder``, with every block that was missing filled in.

    Each process fills its share. Several machines write theirs out, wait, and then each looks at
    all blocks anew: what any of them finds missing is computed again. Raises ``UserError`` when the
    folder keeps losing blocks.
    """

    def open_file() -> ArrayFile:
        return ArrayFile(folder, name, shape, "float16", block, apart=processes.machines > 1)

    missing = processes.on_main(lambda: open_file().missing())
    for _ in range(ATTEMPTS):
        file = open_file()
        _fill_blocks(file, missing[processes.rank :: processes.count], recipe, processes)
        if processes.machines == 1:
            processes.wait()
            return file.array
        file.flush()
        processes.wait()
        file = open_file()
        missing = _find_missing(file, processes)
        if not missing:
            return file.array
    raise UserError(
        f"{folder} does not show every machine what the others write",
        found=f"{len(missing)} of {file.blocks} blocks of {name} lost {ATTEMPTS} times over",
        remedy="Name a folder that all machines share with --artifacts, or train on one machine.",
    )


def _fill_blocks(
    file: ArrayFile, blocks: list[slice], recipe: Recipe, processes: Processes
) -> None:
    """Reads one block ahead and writes one behind the one that is computed."""
    total = sum(rows.stop - rows.start for rows in blocks)
    with (
        stage(recipe.title, total, shown=processes.is_main and total > 0) as progress,
        ThreadPoolExecutor(1) as writer,
    ):
        writing: Future[None] | None = None
        for rows, inputs in read_ahead(blocks, recipe.read):
            values = recipe.compute(inputs)
            if writing is not None:
                writing.result()
            writing = writer.submit(_write, file, rows, values)
            progress.advance(rows.stop - rows.start)
        if writing is not None:
            writing.result()


def _write(file: ArrayFile, rows: slice, values: torch.Tensor) -> None:
    file.fill(rows, values.cpu().numpy())


def _find_missing(file: ArrayFile, processes: Processes) -> list[slice]:
    """Blocks that are missing or damaged as any process sees them, the same list on all."""
    seen = processes.gather([(rows.start, rows.stop) for rows in file.missing()])
    return [slice(*edges) for edges in sorted({edges for each in seen for edges in each})]
