"""The published model as two ONNX graphs, checked against torch before anything is published."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import onnxruntime as ort
import torch
from scipy.special import softmax
from torch import nn

from core.errors import UserError
from core.tasks import Task
from core.training.model import Heads, PaintingModel
from core.training.texture import pool_moments

CHECKED_PAINTINGS: Final = 500
TOLERANCE: Final = 1e-3  # of a probability
OPSET: Final = 20


class ExportError(UserError):
    """The exported graphs answer differently from the model."""


class _Backbone(nn.Module):
    """Pixels -> feature map, and moments of texture and content over the picture."""

    def __init__(self, model: PaintingModel) -> None:
        super().__init__()
        self.stem, self.top, self.cut = model.stem, model.tail.top, model.content_layers
        self.outputs = ["features", "texture", *(["content"] if self.cut else [])]

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
        activations = self.stem(image)
        moments = {0: pool_moments(activations)}

        def note(number: int, found: torch.Tensor) -> None:
            if number == self.cut:
                moments[number] = pool_moments(found)

        return self.top(activations, note), *moments.values()


class _CalibratedHeads(nn.Module):
    """Feature map -> logits of each task over its temperature, then the embedding."""

    def __init__(self, heads: Heads, temperatures: dict[Task, float]) -> None:
        super().__init__()
        self.heads, self.temperatures = heads, temperatures

    def forward(self, features: torch.Tensor) -> tuple[torch.Tensor, ...]:
        logits, embedding = self.heads(features)
        return (*(logits[task] / self.temperatures[task] for task in logits), embedding)


def export_model(model: PaintingModel, temperatures: dict[Task, float], folder: Path) -> None:
    """Writes ``backbone.onnx`` and ``head.onnx`` (see ``core.classify``), weights inside."""
    model = model.cpu().eval()
    _spare_in_place(model)
    size = model.spec.image_size
    pixels = torch.zeros(2, size, size, 3, dtype=torch.uint8)  # a batch of one would fix the batch
    backbone = _Backbone(model).eval()
    with torch.inference_mode():
        features = backbone(pixels)[0]
    outputs = [f"logits_{task}" for task in model.spec.classes] + ["embedding"]
    heads = _CalibratedHeads(model.tail.heads, temperatures).eval()
    _export(backbone, pixels, folder / "backbone.onnx", "image", backbone.outputs)
    _export(heads, features.clone(), folder / "head.onnx", "features", outputs)


def _spare_in_place(module: nn.Module) -> None:
    """Lets activations answer in a new tensor: traced in place, they take a third of the export."""
    for each in module.modules():
        if hasattr(each, "inplace"):
            each.inplace = False  # type: ignore[assignment]  # torch knows no attributes but tensors


def check_export(
    model: PaintingModel,
    temperatures: dict[Task, float],
    pixels: Iterable[np.ndarray],
    folder: Path,
) -> None:
    """Raises ``ExportError`` unless graphs and model agree on blocks (n, S, S, 3) of uint8 pixels.

    Probabilities within ``TOLERANCE``, and the same first class where it leads by more than that.
    """
    backbone, head = (ort.InferenceSession(folder / f"{n}.onnx") for n in ("backbone", "head"))
    for block in pixels:
        with torch.inference_mode():
            expected, _ = model.eval()(torch.from_numpy(block))
        (features,) = backbone.run(["features"], {"image": block})
        *logits, _ = head.run(None, {"features": features})
        _compare(expected, dict(zip(expected, logits, strict=True)), temperatures)


def _compare(
    expected: dict[Task, torch.Tensor],
    found: dict[Task, np.ndarray],
    temperatures: dict[Task, float],
) -> None:
    for task, logits in expected.items():
        ours = softmax(logits.numpy() / temperatures[task], axis=1)
        theirs = softmax(found[task], axis=1)
        gap = float(np.abs(ours - theirs).max())
        if gap > TOLERANCE or find_swaps(ours, theirs).any():
            raise ExportError(
                f"the exported graphs answer {task} differently from the model",
                found=f"a probability off by {gap:.4f}",
                expected=f"at most {TOLERANCE} and the same first class",
                remedy="Try another --backbone; the trained model is kept.",
            )


def find_swaps(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """(n,) bool: rows of (n, K) probabilities with another first class, near-ties aside.

    Where the two best of ``ours`` lie within ``TOLERANCE``, either may come first.
    """
    best = np.sort(ours, axis=1)[:, -2:]
    leads = best[:, -1] - best[:, 0] > TOLERANCE
    return np.asarray(leads & (ours.argmax(axis=1) != theirs.argmax(axis=1)))


def _export(
    module: nn.Module, example: torch.Tensor, path: Path, name: str, outputs: list[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations and notes on GRU weights
        program = torch.onnx.export(
            module,
            (example,),
            input_names=[name],
            output_names=outputs,
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise ExportError(f"{path.name} could not be exported", remedy="Try another --backbone.")
    onnx.save(program.model_proto, path)
