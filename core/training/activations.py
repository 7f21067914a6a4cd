"""What the frozen parts of the network say of every painting, computed once.

The stem never learns, so its activations serve both phases, every epoch, every fold and the
published model; the whole backbone's feature map serves phase 1. Both lie in memory-mapped files,
float16, and are moved to the GPU whole where they fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import torch
from torch import nn

from core.errors import UserError
from core.images.decode import ImageRefused
from core.images.pixels import load_square
from core.images.store import ImageStore
from core.progress import stage
from core.training.array_file import ArrayFile
from core.training.model import ColumnReduction
from core.training.processes import Processes
from core.training.views import View
from core.training.work import WorkFolder

BLOCK: Final = 256  # paintings computed and saved at a time
GPU_SHARE: Final = 0.4  # of free GPU memory that activations may take

Inputs = TypeVar("Inputs")  # of one block


@dataclass(frozen=True)
class Activations:
    """(N, V, ...) float16: view v of painting n, on disk or on the GPU."""

    values: np.ndarray | torch.Tensor
    device: torch.device

    @property
    def views(self) -> int:
        return int(self.values.shape[1])

    def take(self, rows: np.ndarray, views: np.ndarray) -> torch.Tensor:
        """(B, ...) float32 on the device: view ``views[i]`` of painting ``rows[i]``."""
        if isinstance(self.values, torch.Tensor):
            taken = self.values[torch.from_numpy(rows), torch.from_numpy(views)]
        else:
            taken = torch.from_numpy(self.values[rows, views]).to(self.device)
        is_map = taken.ndim == 4
        return taken.to(
            torch.float32,
            memory_format=torch.channels_last if is_map else torch.preserve_format,
        )


def compute_stem_activations(
    stem: nn.Module,
    store: ImageStore,
    images: list[str],
    size: int,
    views: tuple[View, ...],
    work: WorkFolder,
    processes: Processes,
) -> Activations:
    """Runs the frozen stem over every view of every painting; resumes where it was stopped."""
    stem = stem.to(processes.device).eval()

    def compute(pixels: torch.Tensor) -> np.ndarray:
        pixels = pixels.to(processes.device)
        return np.stack([_run(stem, view.apply(pixels), processes) for view in views], axis=1)

    with ThreadPoolExecutor(processes.threads) as pool:

        def read(rows: slice) -> torch.Tensor:
            squares = pool.map(lambda image: _load(store, image, size), images[rows])
            return torch.from_numpy(np.stack(list(squares)))

        return _fill("stem", "Reading paintings", read, compute, len(images), work, processes)


def compute_features(
    top: nn.Module,
    stem_activations: Activations,
    columns: ColumnReduction,
    work: WorkFolder,
    processes: Processes,
) -> Activations:
    """The pretrained backbone's feature map of every view, from the stem's activations."""
    top = add_column_means(top, columns).to(processes.device).eval()
    count, views = stem_activations.values.shape[:2]

    def read(rows: slice) -> list[torch.Tensor]:
        index = np.arange(rows.start, rows.stop)
        return [stem_activations.take(index, np.full(len(index), view)) for view in range(views)]

    def compute(blocks: list[torch.Tensor]) -> np.ndarray:
        return np.stack([_run(top, block, processes) for block in blocks], axis=1)

    return _fill("features", "Frozen features", read, compute, count, work, processes)


def add_column_means(top: nn.Module, columns: ColumnReduction) -> nn.Module:
    """The top's output, reduced where the heads take the mean of each column: columns of height 1
    give them the same answer in a tenth of the space.
    """
    return nn.Sequential(top, _ColumnMeans()) if columns == "mean" else top


class _ColumnMeans(nn.Module):
    """(B, C, H, W) -> (B, C, 1, W)."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features.mean(dim=2, keepdim=True)


def _run(module: nn.Module, inputs: torch.Tensor, processes: Processes) -> np.ndarray:
    with torch.inference_mode(), processes.autocast():
        outputs: torch.Tensor = module(inputs)
    return outputs.half().cpu().numpy()


def _fill(
    name: str,
    title: str,
    read: Callable[[slice], Inputs],
    compute: Callable[[Inputs], np.ndarray],
    count: int,
    work: WorkFolder,
    processes: Processes,
) -> Activations:
    """Fills the array file ``name`` with this process's share of the blocks that are missing."""
    shape = (count, *compute(read(slice(0, 1))).shape[1:])

    def open_file() -> ArrayFile:
        return ArrayFile(work.path, name, shape, "float16", BLOCK)

    missing = processes.on_main(lambda: open_file().missing())[processes.rank :: processes.count]
    file = open_file()
    total = sum(rows.stop - rows.start for rows in missing)
    with stage(title, total, shown=processes.is_main and total > 0) as progress:
        for rows, inputs in read_ahead(missing, read):
            file.fill(rows, compute(inputs))
            progress.advance(rows.stop - rows.start)
    processes.wait()
    return _place(file.array, processes.device)


def read_ahead(
    blocks: Sequence[slice], read: Callable[[slice], Inputs]
) -> Iterator[tuple[slice, Inputs]]:
    """Each block with the result of ``read``, which reads ahead by one block."""
    with ThreadPoolExecutor(1) as reader:
        coming = [reader.submit(read, rows) for rows in blocks[:1]]
        for number, rows in enumerate(blocks):
            inputs = coming.pop().result()
            coming = [reader.submit(read, later) for later in blocks[number + 1 : number + 2]]
            yield rows, inputs


def _load(store: ImageStore, image: str, size: int) -> np.ndarray:
    """The pixels of a stored picture; removes a damaged one, for the store to rebuild."""
    try:
        return load_square(store.read(image), size)
    except (FileNotFoundError, ImageRefused) as error:
        (store.path / image).unlink(missing_ok=True)
        raise UserError(
            f"the stored picture {store.path / image} is missing or damaged",
            found=str(error),
            remedy="Run the same command again: it stores the picture again from its source.",
        ) from error


def _place(array: np.ndarray, device: torch.device) -> Activations:
    """On the GPU where they fit beside the training, on disk otherwise."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        if array.nbytes < GPU_SHARE * free:
            return Activations(torch.from_numpy(np.array(array)).to(device), device)
    return Activations(array, device)
