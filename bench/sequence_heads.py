"""What makes a sequence of columns pay: heads of one budget on the same frozen feature maps.

python -m bench.sequence_heads [--seeds 0 1 2] [--folds 3] [--heads columns "rows and columns"]
    [--image-size 160]

EfficientNet-Lite0 as pretrained, whole and mirrored, heads with the quick look's recipe, by the
trainer's own loop; accuracy of style where a fold did not learn, styles of another source left out.
All heads give 512 numbers: ``pooled`` averages the map; ``columns`` reads its columns, averaged
over their height, with two bidirectional GRUs and averages what they say; ``attention`` weighs what
they say; ``overlapping`` reads windows of three columns of the map at twice the resolution, one
step apart, each beside the column of the last map that it lies in; ``both maps`` takes a step for
each column of the last map, and reads beside it the two finer ones that lie in it, ``both maps,
wide`` one more at either side; ``pooled, both maps`` averages what those read; ``rows and columns``
is the mean of two readers such as ``columns``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from torch import nn

from bench.style_accuracy import OTHER_SOURCES
from core.collection.open import SourceOptions, open_collection
from core.images.store import build_store
from core.training.activations import Activations, fill, read_paintings
from core.training.backbone import Backbone
from core.training.config import TrainConfig
from core.training.filling import Recipe
from core.training.loop import Phase, PhaseRun, Side, compute_answers
from core.training.masks import Dropout, MaskSource
from core.training.model import (
    EMBEDDING_WIDTH,
    GRU_HIDDEN,
    Heads,
    ModelSpec,
    Tail,
)
from core.training.objective import Objective
from core.training.processes import Processes
from core.training.subject import Subject, build_subject
from core.training.top import Top
from core.training.weights import load_backbone
from core.training.work import WorkFolder

WINDOW = 3  # columns of the finer map that are read at once


@dataclass(frozen=True)
class Shape:
    """Of the last map, ``channels`` x ``side`` x ``side``, and of the finer one."""

    channels: int
    side: int
    finer_channels: int
    finer_side: int

    def part(self, flat: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Columns (B, W, C), rows (B, H, C) and finer columns (B, W', C') of ``flat`` (B, F)."""
        last, finer = (self.channels, self.side), (self.finer_channels, self.finer_side)
        sizes = [int(np.prod(shape)) for shape in (last, last, finer)]
        columns, rows, fine = flat.split(sizes, dim=1)
        return (
            columns.unflatten(1, last).transpose(1, 2),
            rows.unflatten(1, last).transpose(1, 2),
            fine.unflatten(1, finer).transpose(1, 2),
        )


class Reader(nn.Module):
    """As the trainer's sequence head: (B, T, C) -> what two GRUs say at each step (B, T, 512)."""

    def __init__(self, channels: int, dropout: float, masks: MaskSource) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.first = nn.GRU(channels, GRU_HIDDEN, batch_first=True, bidirectional=True)
        self.dropout = Dropout(dropout, masks)
        self.second = nn.GRU(EMBEDDING_WIDTH, GRU_HIDDEN, batch_first=True, bidirectional=True)

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        said, _ = self.first(self.dropout(self.norm(sequence)))
        said, _ = self.second(self.dropout(said))
        return said


class Pooled(nn.Module):
    def __init__(self, shape: Shape, dropout: float, masks: MaskSource) -> None:
        super().__init__()
        self.shape, self.dropout = shape, Dropout(dropout, masks)
        self.layer = nn.Linear(shape.channels, EMBEDDING_WIDTH)

    def forward(self, flat: torch.Tensor) -> torch.Tensor:
        columns, _, _ = self.shape.part(flat.flatten(1))
        return torch.nn.functional.silu(self.layer(self.dropout(columns.mean(dim=1))))


class BothPooled(nn.Module):
    """What ``Overlapping`` reads, in no order: whether the sequence pays, or the finer map."""

    def __init__(self, shape: Shape, dropout: float, masks: MaskSource) -> None:
        super().__init__()
        self.shape, self.dropout = shape, Dropout(dropout, masks)
        width = shape.channels + shape.finer_channels
        self.norm, self.layer = nn.LayerNorm(width), nn.Linear(width, EMBEDDING_WIDTH)

    def forward(self, flat: torch.Tensor) -> torch.Tensor:
        columns, _, finer = self.shape.part(flat.flatten(1))
        both = self.norm(torch.cat([columns.mean(dim=1), finer.mean(dim=1)], dim=1))
        return torch.nn.functional.silu(self.layer(self.dropout(both)))


class Columns(nn.Module):
    def __init__(self, shape: Shape, dropout: float, masks: MaskSource) -> None:
        super().__init__()
        self.shape, self.reader = shape, Reader(shape.channels, dropout, masks)

    def forward(self, flat: torch.Tensor) -> torch.Tensor:
        columns, _, _ = self.shape.part(flat.flatten(1))
        return self.pool(self.reader(columns))

    def pool(self, said: torch.Tensor) -> torch.Tensor:
        return said.mean(dim=1)


class Attention(Columns):
    def __init__(self, shape: Shape, dropout: float, masks: MaskSource) -> None:
        super().__init__(shape, dropout, masks)
        self.ask = nn.Linear(EMBEDDING_WIDTH, 1)

    def pool(self, said: torch.Tensor) -> torch.Tensor:
        return (self.ask(said).softmax(dim=1) * said).sum(dim=1)


class Overlapping(nn.Module):
    def __init__(self, shape: Shape, dropout: float, masks: MaskSource) -> None:
        super().__init__()
        self.shape = shape
        self.reader = Reader(shape.channels + WINDOW * shape.finer_channels, dropout, masks)

    def forward(self, flat: torch.Tensor) -> torch.Tensor:
        columns, _, finer = self.shape.part(flat.flatten(1))
        windows = finer.unfold(1, WINDOW, 1).flatten(2)  # (B, W' - 2, 3 C')
        middle = torch.arange(windows.shape[1]) + WINDOW // 2
        own = columns[:, middle * self.shape.side // self.shape.finer_side]
        return self.reader(torch.cat([own, windows], dim=2)).mean(dim=1)


class BothMaps(nn.Module):
    """``more``: finer columns read at either side of a column's two; at edges they repeat."""

    def __init__(self, shape: Shape, dropout: float, masks: MaskSource, more: int = 0) -> None:
        super().__init__()
        self.shape, self.more, self.width = shape, more, 2 + 2 * more
        self.reader = Reader(shape.channels + self.width * shape.finer_channels, dropout, masks)

    def forward(self, flat: torch.Tensor) -> torch.Tensor:
        columns, _, finer = self.shape.part(flat.flatten(1))
        sides = (self.more, self.more)
        padded = torch.nn.functional.pad(finer.transpose(1, 2), sides, mode="replicate")
        windows = padded.unfold(2, self.width, 2).transpose(1, 2).flatten(2)  # (B, W, width C')
        return self.reader(torch.cat([columns, windows], dim=2)).mean(dim=1)


class RowsAndColumns(nn.Module):
    def __init__(self, shape: Shape, dropout: float, masks: MaskSource) -> None:
        super().__init__()
        self.shape = shape
        self.across = Reader(shape.channels, dropout, masks)
        self.down = Reader(shape.channels, dropout, masks)

    def forward(self, flat: torch.Tensor) -> torch.Tensor:
        columns, rows, _ = self.shape.part(flat.flatten(1))
        return (self.across(columns).mean(dim=1) + self.down(rows).mean(dim=1)) / 2


HEADS: dict[str, Callable[[Shape, float, MaskSource], nn.Module]] = {
    "pooled": Pooled,
    "pooled, both maps": BothPooled,
    "columns": Columns,
    "attention": Attention,
    "overlapping": Overlapping,
    "both maps": BothMaps,
    "both maps, wide": partial(BothMaps, more=1),
    "rows and columns": RowsAndColumns,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/wikiart-mini")
    parser.add_argument("--labels", type=Path, default=Path("../shared/wikiart-labels"))
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"))
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--heads", nargs="*", choices=HEADS, default=list(HEADS))
    options = parser.parse_args()
    config = TrainConfig(
        collection=SourceOptions(data=options.data, labels=options.labels),
        artifacts=options.artifacts,
        profile="quick",
        folds=options.folds,
        image_size=options.image_size,
    ).resolve(has_gpu=False, paintings=0)
    processes = Processes("cpu")
    collection = open_collection(config.collection)
    kept = collection.paintings[~collection.paintings["given_style"].isin(OTHER_SOURCES)]
    collection = replace(collection, paintings=kept.reset_index(drop=True))
    store = build_store(collection, config.artifacts / "images", short_side=config.short_side)
    subject = build_subject(config, collection, store)
    shape, values = describe(config, subject, processes)
    table = Table("head", *(f"seed {seed}" for seed in options.seeds), "mean", "deviation")
    for name in options.heads:
        found = [measure(name, shape, values, config, subject, seed) for seed in options.seeds]
        cells = [f"{each:.3f}" for each in (*found, np.mean(found), np.std(found, ddof=1))]
        table.add_row(name, *cells)
        print(name, *cells, flush=True)
    Console(width=100).print(table)


def describe(
    config: TrainConfig, subject: Subject, processes: Processes
) -> tuple[Shape, np.ndarray]:
    """(N, 2, F, 1, 1): means over the height and over the width of the last map, and over the
    height of the one at twice its resolution; of each painting, whole and mirrored.
    """
    size = int(config.image_size or 0)
    backbone = Backbone(load_backbone(str(config.backbone), size, pretrained=True), 0, size).eval()
    layers = [*backbone.stem, *backbone.top]

    def look(pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        maps = [pixels]
        for layer in layers:
            maps.append(layer(maps[-1]))
        last = maps[-1]
        return last, next(each for each in maps[::-1] if each.shape[-1] == 2 * last.shape[-1])

    def compute(pixels: torch.Tensor) -> tuple[torch.Tensor]:
        found = []
        with torch.inference_mode():
            for part in torch.cat([pixels, pixels.flip(2)]).split(16):
                last, finer = look(part)
                means = (last.mean(dim=2), last.mean(dim=3), finer.mean(dim=2))
                found.append(torch.cat([each.flatten(1) for each in means], dim=1))
        both = torch.cat(found).unflatten(0, (2, -1)).transpose(0, 1)
        return (both[..., None, None],)

    images = subject.paintings["image"].tolist()
    work = WorkFolder(config.artifacts, {"sequence heads": subject.fingerprint, "size": size})
    with read_paintings(subject.store, images, size, processes) as read:
        recipe = Recipe("Reading paintings", read, compute)
        (values,) = fill(("maps",), recipe, len(images), work, processes)
    with torch.inference_mode():
        last, finer = look(torch.zeros(1, size, size, 3, dtype=torch.uint8))
    return Shape(last.shape[1], last.shape[3], finer.shape[1], finer.shape[3]), values


def measure(
    name: str, shape: Shape, values: np.ndarray, config: TrainConfig, subject: Subject, seed: int
) -> float:
    """Accuracy of style over all folds, each judged by the heads that did not learn from it."""
    config = replace(config, seed=seed)
    fold = build_subject(config, subject.collection, subject.store).fold
    labels, classes = subject.labels.indices["style"], subject.labels.classes["style"]
    spec = ModelSpec("none", 0, 0, "mean", "pooled", config.dropout, {"style": classes})
    processes = Processes("cpu")
    objective = Objective(
        {"style": torch.from_numpy(labels)},
        {"style": torch.ones(len(classes))},
        {"style": 1.0},
        config.label_smoothing,
    )
    inputs = Activations(values, processes.device)
    phase, hits = Phase("frozen", config.frozen_epochs or 0, inputs), np.zeros(len(labels))
    for number in range(config.folds):
        torch.manual_seed(1_000 * seed + number)
        heads = Heads(values.shape[2], 1, spec)
        heads.embed = HEADS[name](shape, config.dropout, heads.masks)
        side = Side(number, np.flatnonzero(fold != number), np.arange(0))
        run = PhaseRun(config, phase, side, Tail(Top(), heads), objective, processes)
        run.run(lambda record: None, lambda state: None)
        held_out = np.flatnonzero(fold == number)
        logits, _ = compute_answers(heads, inputs, held_out, processes)
        hits[held_out] = logits["style"].argmax(axis=1) == labels[held_out]
    return float(hits[labels >= 0].mean())


if __name__ == "__main__":
    main()
