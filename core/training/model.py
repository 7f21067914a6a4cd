"""The model: a backbone, a head that reads its feature map column by column, two pooled heads."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

from core.tasks import Task
from core.training.backbone import Backbone, Maps
from core.training.masks import Dropout, DropPath, MaskSource, leave_out_paths
from core.training.top import Top
from core.training.weights import load_backbone

ColumnReduction = Literal["flatten", "mean", "reduced"]
StyleHead = Literal["sequence", "pooled"]

GRU_HIDDEN: Final = 256
EMBEDDING_WIDTH: Final = 2 * GRU_HIDDEN
REDUCED_CHANNELS: Final = 128
POOLED_WIDTHS: Final[dict[Task, int]] = {"artist": 512, "genre": 256}


Answer = tuple[dict[Task, torch.Tensor], torch.Tensor]  # logits a task, embedding


@dataclass(frozen=True)
class ModelSpec:
    """Everything that determines a model's shape; ``model.json`` holds it as JSON.

    ``maps``: of a model that was built, what it reads. Runs of before there was a choice name none.
    """

    backbone: str
    image_size: int
    trainable_blocks: float
    columns: ColumnReduction
    style_head: StyleHead
    dropout: float
    classes: dict[Task, tuple[str, ...]]
    maps: Maps = "last"


class Columns(nn.Module):
    """Feature map (B, C, H, W) -> sequence of its columns (B, W, width), left to right."""

    def __init__(self, channels: int, height: int, reduction: ColumnReduction) -> None:
        super().__init__()
        self.reduction = reduction
        self.reduce: nn.Module = nn.Identity()
        if reduction == "reduced":
            self.reduce = nn.Sequential(nn.Conv2d(channels, REDUCED_CHANNELS, 1), nn.SiLU())
            channels = REDUCED_CHANNELS
        self.width = channels if reduction == "mean" else channels * height

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        if self.reduction == "mean":
            return features.mean(dim=2).transpose(1, 2)  # (B, W, C)
        columns: torch.Tensor = self.reduce(features).permute(0, 3, 1, 2).flatten(2)
        return columns  # (B, W, C*H)


class SequenceHead(nn.Module):
    """Reads the columns with a 2-layer bidirectional GRU -> style embedding (B, 512)."""

    def __init__(self, channels: int, height: int, spec: ModelSpec, masks: MaskSource) -> None:
        super().__init__()
        self.columns = Columns(channels, height, spec.columns)
        self.norm = nn.LayerNorm(self.columns.width)
        self.first = nn.GRU(self.columns.width, GRU_HIDDEN, batch_first=True, bidirectional=True)
        self.dropout = Dropout(spec.dropout, masks)
        self.second = nn.GRU(EMBEDDING_WIDTH, GRU_HIDDEN, batch_first=True, bidirectional=True)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        sequence, _ = self.first(self.dropout(self.norm(self.columns(features))))
        sequence, _ = self.second(self.dropout(sequence))
        answers: torch.Tensor = sequence.mean(dim=1)
        return answers


class PooledHead(nn.Module):
    """Global average pooling -> hidden layer -> (B, width); ignores position."""

    def __init__(self, channels: int, width: int, dropout: Dropout) -> None:
        super().__init__()
        self.layers = nn.Sequential(dropout, nn.Linear(channels, width), nn.SiLU())

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        hidden: torch.Tensor = self.layers(features.mean(dim=(2, 3)))
        return hidden


class Heads(nn.Module):
    """Feature map (B, C, H, W) -> logits of each task (B, K), and the style embedding (B, 512).

    ``pooled``: how many of the channels, the first ones, are the last map's, which alone is pooled;
    by default all. The sequence reads every channel.
    """

    def __init__(
        self, channels: int, height: int, spec: ModelSpec, pooled: int | None = None
    ) -> None:
        super().__init__()
        self.of_last = pooled or channels
        self.tasks = tuple(spec.classes)
        self.masks = MaskSource()
        self.dropout = Dropout(spec.dropout, self.masks)
        self.embed: nn.Module = (
            SequenceHead(channels, height, spec, self.masks)
            if spec.style_head == "sequence"
            else PooledHead(self.of_last, EMBEDDING_WIDTH, self.dropout)
        )
        self.pooled = nn.ModuleDict(
            {
                task: PooledHead(self.of_last, POOLED_WIDTHS[task], self.dropout)
                for task in spec.classes
                if task in POOLED_WIDTHS
            }
        )
        self.classify = nn.ModuleDict(
            {
                task: nn.Linear(POOLED_WIDTHS.get(task, EMBEDDING_WIDTH), len(classes))
                for task, classes in spec.classes.items()
            }
        )

    def forward(self, features: torch.Tensor) -> Answer:
        """Float32 throughout, whatever the backbone runs in.

        As bf16, which keeps 8 bits, a logit of 5 is rounded to a sixteenth or so: first and second
        class tie. As fp16 the heads could overflow.
        """
        with _leave_autocast(features.device):
            return self._answer(features if features.dtype == torch.float32 else features.float())

    def _answer(self, features: torch.Tensor) -> Answer:
        embedding = self.embed(features)
        last = features if self.of_last == features.shape[1] else features[:, : self.of_last]
        logits: dict[Task, torch.Tensor] = {}
        for task in self.tasks:
            hidden = self.pooled[task](last) if task in self.pooled else embedding
            logits[task] = self.classify[task](self.dropout(hidden))
        return logits, F.normalize(embedding, dim=1)


def _leave_autocast(device: torch.device) -> AbstractContextManager[Any]:
    """No autocast inside; nothing at all where there is none, for the exporter's sake."""
    if torch.is_autocast_enabled(device.type):
        return torch.autocast(device.type, enabled=False)
    return nullcontext()


class Tail(nn.Module):
    """The trainable part, top and heads: stem activations -> logits and embedding."""

    def __init__(self, top: Top, heads: Heads) -> None:
        super().__init__()
        self.top, self.heads = top, heads

    def train(self, mode: bool = True) -> Tail:
        """The top stays in evaluation mode: batch-norm statistics remain the pretrained ones.

        Paintings come in small batches, and statistics that depend on them would make a run depend
        on how a batch is split over processes.
        """
        super().train(mode)
        self.top.eval()
        for each in self.top.modules():
            if isinstance(each, DropPath):
                each.train(mode)
                each.masks = self.heads.masks  # of these heads: every fold has its own
        return self

    def forward(self, activations: torch.Tensor) -> Answer:
        answer: Answer = self.heads(self.top(activations))
        return answer


class PaintingModel(nn.Module):
    """Pixels (B, S, S, 3) uint8 -> logits of each task and an L2-normalised embedding (B, 512)."""

    def __init__(self, spec: ModelSpec, backbone: Backbone) -> None:
        super().__init__()
        self.spec = replace(spec, maps=backbone.maps)
        self.stem, self.content_layers = backbone.stem, backbone.content_layers
        self.block_layers = backbone.block_layers
        size = spec.image_size
        with torch.inference_mode():
            shape = backbone(torch.zeros(1, size, size, 3, dtype=torch.uint8)).shape
        self.tail = Tail(backbone.top, Heads(shape[1], shape[2], spec, backbone.channels))

    def forward(self, image: torch.Tensor) -> Answer:
        answer: Answer = self.tail(self.stem(image))
        return answer


def build_model(
    spec: ModelSpec,
    *,
    pretrained: bool = True,
    weights: Path | None = None,
    drop_path: float = 0.0,
) -> PaintingModel:
    """A model with a pretrained backbone and fresh heads.

    ``drop_path``: as ``leave_out_paths`` in training; what it answers does not depend on it.
    """
    backbone = load_backbone(spec.backbone, spec.image_size, pretrained=pretrained, weights=weights)
    cut = Backbone(backbone, spec.trainable_blocks, spec.image_size, spec.maps)
    model = PaintingModel(spec, cut)
    if drop_path:
        leave_out_paths(model.stem, model.tail.top, drop_path)
    return model


def save_model(model: PaintingModel, spec_path: Path, weights_path: Path) -> None:
    """Writes ``model.json`` and ``model.safetensors``, all that ``load_model`` needs."""
    spec_path.write_text(json.dumps(asdict(model.spec), indent=1, ensure_ascii=False), "utf-8")
    state = {name: tensor.cpu().contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, weights_path)


def load_model(spec_path: Path, weights_path: Path) -> PaintingModel:
    """The published model, rebuilt from its two files alone, in evaluation mode."""
    content: dict[str, Any] = json.loads(spec_path.read_text("utf-8"))
    content["classes"] = {task: tuple(names) for task, names in content["classes"].items()}
    model = build_model(ModelSpec(**content), pretrained=False)
    model.load_state_dict(load_file(weights_path))
    return model.eval()
