"""What the pretrained layers say of every painting, computed once: as much as training uses.

Where blocks are tuned, the activations below them are kept for every view. Where none is, every
picture goes through the whole backbone once, and only what the heads read is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from core.images.store import ImageStore
from core.training.activations import (
    Activations,
    Shown,
    add_column_means,
    compute_features,
    compute_stem_activations,
    fill,
    read_paintings,
    run_frozen,
)
from core.training.config import TrainConfig
from core.training.filling import Recipe
from core.training.folding import fold_norms
from core.training.model import PaintingModel
from core.training.online import OnlineCrops, side_to_read
from core.training.processes import Processes
from core.training.room import measure_room
from core.training.texture import compute_moments, follow_moments
from core.training.top import Top
from core.training.views import PRESETS
from core.training.work import WorkFolder


@dataclass(frozen=True)
class Frozen:
    """``features``: what the heads read, of every view. ``stem``: what the tuned blocks read, None
    where none is; crops drawn anew where ``--views online`` asks for them.

    ``moments`` (N, C): means and spreads of the pretrained blocks' channels, whole pictures.
    ``texture`` (N, C'): those of the stem. ``content``: those of the next to last block, None where
    that lies in the stem, or is tuned.
    """

    features: Activations
    stem: Shown | None
    moments: np.ndarray
    texture: np.ndarray
    content: np.ndarray | None


def compute_frozen(
    config: TrainConfig,
    model: PaintingModel,
    store: ImageStore,
    images: list[str],
    work: WorkFolder,
    processes: Processes,
) -> Frozen:
    """``config`` is resolved; ``work`` keeps what was computed. Resumes where it was stopped."""
    if not config.tuning_epochs or config.views == "online":
        once = _compute_once(config, model, store, images, work, processes)
        if not config.tuning_epochs:
            return once
        # what is tuned is no longer what was looked at
        return replace(once, stem=_draw(model, store, images, processes), content=None)
    views = PRESETS[config.views]
    size = model.spec.image_size
    stem = compute_stem_activations(model.stem, store, images, size, views, work, processes)
    room = measure_room(model, int(config.batch_size or 1), processes)
    stem = stem.place(room)
    features = compute_features(model.tail.top, stem, config.columns, work, processes)
    return Frozen(
        features.place(room - stem.resident),
        stem,
        moments=compute_moments(model.tail.top, model.block_layers, stem, processes),
        texture=compute_moments(Top(), (), stem, processes),
        content=None,
    )


def _draw(
    model: PaintingModel, store: ImageStore, images: list[str], processes: Processes
) -> OnlineCrops:
    size = model.spec.image_size

    def read(rows: np.ndarray) -> torch.Tensor:
        shown = [images[row] for row in rows]
        with read_paintings(store, shown, side_to_read(size), processes) as read_rows:
            return read_rows(slice(None))

    return OnlineCrops(len(images), size, read, model.stem, processes)


def _compute_once(
    config: TrainConfig,
    model: PaintingModel,
    store: ImageStore,
    images: list[str],
    work: WorkFolder,
    processes: Processes,
) -> Frozen:
    """Every view through the whole backbone; no map of a block is kept."""
    views, size = PRESETS[config.views], model.spec.image_size
    stem = model.stem.to(processes.device).eval()
    top = model.tail.top.to(processes.device).eval()
    if processes.device.type == "cpu":
        pattern = torch.arange(3 * size * size).remainder(251).to(torch.uint8)
        pattern = pattern.view(1, size, size, 3)
        top = fold_norms(top, run_frozen(stem, pattern, processes).float())
        stem = fold_norms(stem, pattern)
    end = add_column_means(nn.Identity(), config.columns)
    rest = nn.Sequential(top, end).to(processes.device).eval()

    def start(pixels: torch.Tensor) -> torch.Tensor:
        return run_frozen(stem, pixels, processes).float()  # rounded, as where it is kept

    def follow(pixels: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        with torch.inference_mode(), processes.autocast():
            found, moments = follow_moments(top, model.block_layers, start(pixels))
            return end(found).half(), moments

    def compute(pixels: torch.Tensor) -> tuple[torch.Tensor, ...]:
        seen = pixels.to(processes.device)
        found, moments = follow(views[0].apply(seen))
        others = [run_frozen(rest, start(view.apply(seen)), processes) for view in views[1:]]
        return torch.stack([found, *others], dim=1), torch.cat(moments, dim=1)

    with read_paintings(store, images, size, processes) as read:
        _, parts = follow(read(slice(0, 1)).to(processes.device))
        recipe = Recipe("Reading paintings", read, compute)
        features, moments = fill(("features", "moments"), recipe, len(images), work, processes)
    ends = np.cumsum([each.shape[1] for each in parts])
    content = None
    if model.content_layers:
        number = 1 + model.block_layers.index(model.content_layers)  # the stem's come first
        content = np.asarray(moments[:, ends[number - 1] : ends[number]])
    placed = Activations(features, processes.device).place(
        measure_room(model, int(config.batch_size or 1), processes)
    )
    whole = np.asarray(moments)
    return Frozen(placed, None, whole, whole[:, : ends[0]], content)
