"""Array files that all processes fill, on one machine or on several that share a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from core.errors import UserError
from core.progress import stage
from core.training.array_file import ArrayFile, align_block
from core.training.processes import Processes
from core.training.transfer import read_ahead

ATTEMPTS: Final = 3  # at blocks that another machine does not see as they were written


@dataclass(frozen=True)
class Recipe:
    """How a block of rows is made: ``compute`` gives values (b, ...) for each array from what
    ``read`` brings.
    """

    title: str
    read: Callable[[slice], Any]
    compute: Callable[[Any], tuple[torch.Tensor, ...]]


def fill_arrays(
    folder: Path,
    shapes: Mapping[str, tuple[tuple[int, ...], str]],
    block: int,
    recipe: Recipe,
    processes: Processes,
) -> tuple[np.memmap, ...]:
    """The arrays in ``folder`` (shape and type of each name, as many rows), with every block that
    was missing in any of them filled in.

    Each process fills its share. Several machines write theirs out, wait, and then each looks at
    all blocks anew: what any of them finds missing is computed again. Raises ``UserError`` when the
    folder keeps losing blocks.
    """
    if processes.machines > 1:
        rows = (
            int(np.prod(shape[1:])) * np.dtype(kind).itemsize for shape, kind in shapes.values()
        )
        block = align_block(block, rows)

    def open_files() -> list[ArrayFile]:
        return [ArrayFile(folder, name, *each, block) for name, each in shapes.items()]

    missing = processes.on_main(lambda: _list_missing(open_files()))
    for _ in range(ATTEMPTS):
        files = open_files()
        _fill_blocks(files, missing[processes.rank :: processes.count], recipe, processes)
        if processes.machines == 1:
            processes.wait()
            return tuple(file.array for file in files)
        for file in files:
            file.flush()
        processes.wait()
        files = open_files()
        missing = _find_missing(files, processes)
        if not missing:
            return tuple(file.array for file in files)
    raise UserError(
        f"{folder} does not show every machine what the others write",
        found=f"{len(missing)} of {files[0].blocks} blocks of {', '.join(shapes)} lost "
        f"{ATTEMPTS} times over",
        remedy="Name a folder that all machines share with --artifacts, or train on one machine.",
    )


def _fill_blocks(
    files: list[ArrayFile], blocks: list[slice], recipe: Recipe, processes: Processes
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
            writing = writer.submit(_write, files, rows, values)
            progress.advance(rows.stop - rows.start)
        if writing is not None:
            writing.result()


def _write(files: list[ArrayFile], rows: slice, values: tuple[torch.Tensor, ...]) -> None:
    for file, each in zip(files, values, strict=True):
        file.fill(rows, each.cpu().numpy())


def _list_missing(files: list[ArrayFile]) -> list[slice]:
    edges = {(rows.start, rows.stop) for file in files for rows in file.missing()}
    return [slice(*each) for each in sorted(edges)]


def _find_missing(files: list[ArrayFile], processes: Processes) -> list[slice]:
    """Blocks that are missing or damaged as any process sees them, the same list on all."""
    seen = processes.gather([(rows.start, rows.stop) for rows in _list_missing(files)])
    return [slice(*edges) for edges in sorted({edges for each in seen for edges in each})]
