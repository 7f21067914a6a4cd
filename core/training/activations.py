"""What the frozen parts of the network say of every painting, computed once.

The stem never learns, so its activations serve phase 2 and scoring, every epoch, every fold and the
published model; the whole backbone's feature map serves phase 1. Both lie in memory-mapped files,
float16, and are moved to the GPU whole where training leaves room for them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol

import numpy as np
import torch
from torch import nn

from core.errors import UserError
from core.images.loaded import ImageRefused
from core.images.pixels import load_square
from core.images.store import ImageStore
from core.training.filling import Recipe, fill_arrays
from core.training.model import ColumnReduction
from core.training.processes import Processes
from core.training.transfer import move_whole, send, stream_batches
from core.training.views import View
from core.training.work import WorkFolder

BLOCK: Final = 256  # paintings computed and saved at a time
ON_CPU: Final = 16  # of them that go through the layers at once there: their maps stay in the cache

Pixels = torch.Tensor | list[torch.Tensor]  # of one view, or of each


class Shown(Protocol):
    """What a phase reads: ``views`` of each of N paintings, kept or computed when asked for."""

    @property
    def views(self) -> int: ...

    def __len__(self) -> int: ...

    def stream(
        self, requests: Sequence[tuple[np.ndarray, np.ndarray]]
    ) -> Generator[torch.Tensor]: ...


@dataclass(frozen=True)
class Activations:
    """(N, V, ...) float16: view v of painting n, on disk or on the GPU."""

    values: np.ndarray | torch.Tensor
    device: torch.device

    def __len__(self) -> int:
        return len(self.values)

    @property
    def views(self) -> int:
        return int(self.values.shape[1])

    @property
    def resident(self) -> int:
        """Bytes of the GPU's memory that they take."""
        return self.values.nbytes if isinstance(self.values, torch.Tensor) else 0

    def place(self, room: int) -> Activations:
        """On the GPU where ``room`` bytes of its memory hold them all, where they are otherwise."""
        if isinstance(self.values, torch.Tensor) or self.values.nbytes > room:
            return self
        try:
            return replace(self, values=move_whole(self.values, self.device))
        except torch.OutOfMemoryError:
            return self

    def take(self, rows: np.ndarray, views: np.ndarray) -> torch.Tensor:
        """(B, ...) float32 on the device: view ``views[i]`` of painting ``rows[i]``."""
        return as_inputs(next(iter(self.stream([(rows, views)]))))

    def stream(self, requests: Sequence[tuple[np.ndarray, np.ndarray]]) -> Generator[torch.Tensor]:
        """(B, ...) float16 on the device for each request of rows and views, in order.

        What lies on the disk is fetched ahead of its use.
        """
        flat = self.values.reshape(-1, *self.values.shape[2:])
        places = [rows * self.views + views for rows, views in requests]
        if isinstance(flat, torch.Tensor):
            yield from (flat[send(rows, self.device)] for rows in places)
        else:
            yield from stream_batches(flat, places, self.device)


def as_inputs(values: torch.Tensor) -> torch.Tensor:
    """Activations as the model takes them: float32, maps with their channels last."""
    layout = torch.channels_last if values.ndim == 4 else torch.preserve_format
    return values.to(torch.float32, memory_format=layout)


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

    def compute(pixels: torch.Tensor) -> tuple[torch.Tensor]:
        pixels = pixels.to(processes.device)
        found = [run_frozen(stem, view.apply(pixels), processes) for view in views]
        return (torch.stack(found, dim=1),)

    with read_paintings(store, images, size, processes) as read:
        recipe = Recipe("Reading paintings", read, compute)
        (array,) = fill(("stem",), recipe, len(images), work, processes)
    return Activations(array, processes.device)


@contextmanager
def read_paintings(
    store: ImageStore, images: list[str], size: int, processes: Processes
) -> Iterator[Callable[[slice], torch.Tensor]]:
    """A function that reads rows of ``images`` as pixels (b, S, S, 3) uint8, in several threads."""
    with ThreadPoolExecutor(processes.threads) as pool:

        def read(rows: slice) -> torch.Tensor:
            squares = pool.map(lambda image: _load(store, image, size), images[rows])
            return torch.from_numpy(np.stack(list(squares)))

        yield read


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

    def compute(blocks: list[torch.Tensor]) -> tuple[torch.Tensor]:
        return (torch.stack([run_frozen(top, block, processes) for block in blocks], dim=1),)

    recipe = Recipe("Frozen features", read, compute)
    (array,) = fill(("features",), recipe, count, work, processes)
    return Activations(array, processes.device)


def add_column_means(top: nn.Module, columns: ColumnReduction) -> nn.Module:
    """The top's output, reduced where the heads take the mean of each column: columns of height 1
    give them the same answer in a tenth of the space.
    """
    return nn.Sequential(top, _ColumnMeans()) if columns == "mean" else top


class _ColumnMeans(nn.Module):
    """(B, C, H, W) -> (B, C, 1, W)."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features.mean(dim=2, keepdim=True)


def run_frozen(module: nn.Module, inputs: torch.Tensor, processes: Processes) -> torch.Tensor:
    """What ``module`` gives, float16."""
    with torch.inference_mode(), processes.autocast():
        outputs: torch.Tensor = module(inputs)
    return outputs.half().contiguous()


def fill(
    names: tuple[str, ...], recipe: Recipe, count: int, work: WorkFolder, processes: Processes
) -> tuple[np.memmap, ...]:
    """Arrays ``names`` of ``count`` rows in the work folder, made by ``recipe``."""
    if processes.device.type == "cpu":
        recipe = replace(recipe, compute=partial(_compute_in_parts, recipe.compute))
    first = recipe.compute(recipe.read(slice(0, 1)))
    shapes = {
        name: ((count, *values.shape[1:]), str(values.dtype).removeprefix("torch."))
        for name, values in zip(names, first, strict=True)
    }
    return fill_arrays(work.path, shapes, BLOCK, recipe, processes)


def _compute_in_parts(
    compute: Callable[[Pixels], tuple[torch.Tensor, ...]], pixels: Pixels
) -> tuple[torch.Tensor, ...]:
    """As ``compute`` of all at once, ``ON_CPU`` pictures at a time."""
    views = [pixels] if isinstance(pixels, torch.Tensor) else pixels
    parts = zip(*(view.split(ON_CPU) for view in views), strict=True)
    found = [compute(part[0] if views[0] is pixels else list(part)) for part in parts]
    return tuple(torch.cat(each) for each in zip(*found, strict=True))


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
