"""The published model of a run in ONNX Runtime: pixels to feature map, feature map to answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.artifacts import Run
from core.classify.graph_file import check_graph
from core.tasks import Task

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SPIN_MICROSECONDS: Final = "100"


@dataclass(frozen=True)
class HeadAnswer:
    """Of B feature maps: ``logits`` a task (B, K) float32, calibrated; ``embedding`` (B, D)."""

    logits: dict[Task, np.ndarray]
    embedding: np.ndarray

    @property
    def probabilities(self) -> dict[Task, np.ndarray]:
        """Per task (B, K) float32, rows summing to 1."""
        return {task: compute_softmax(logits) for task, logits in self.logits.items()}


class ModelSession:
    """Both graphs of one run, ready to answer. Safe to share between threads.

    ``backbone.onnx``: image (B, S, S, 3) uint8 -> features (B, C, H, W) float32, and in most runs
    two layers to judge novelty by, means and spreads of their channels over the picture: texture
    (B, C') of the frozen stem, content (B, C'') of the next to last block.
    ``head.onnx``: features -> logits_<task> (B, K) float32, already divided by the published
    model's temperature, and embedding (B, D) float32, L2-normalised.
    """

    def __init__(self, run: Run) -> None:
        """``layers``: by output, the (N, C') that the run holds of its own paintings."""
        self.tasks = run.manifest.tasks
        self._backbone = _open_graph(run, "backbone.onnx")
        named = {output.name for output in self._backbone.get_outputs()}
        kept = {"texture": run.texture, "content": run.content}
        self.layers = {
            name: values for name, values in kept.items() if values is not None and name in named
        }
        self._head = _open_graph(run, "head.onnx")

    def compute_features(self, pixels: np.ndarray) -> np.ndarray:
        """(B, S, S, 3) uint8 -> (B, C, H, W) float32."""
        return self.extract(pixels)[0]

    def extract(self, pixels: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Features (B, C, H, W) and ``layers`` (B, C') each of pixels (B, S, S, 3) uint8."""
        features, *layers = self._backbone.run(["features", *self.layers], {"image": pixels})
        return np.asarray(features), layers

    def answer(self, features: np.ndarray) -> HeadAnswer:
        """The head's answers to feature maps (B, C, H, W) float32."""
        names = [*(f"logits_{task}" for task in self.tasks), "embedding"]
        *logits, embedding = self._head.run(names, {"features": features})
        return HeadAnswer(dict(zip(self.tasks, logits, strict=True)), embedding)


def compute_softmax(logits: np.ndarray) -> np.ndarray:
    """Along the last axis."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


def _open_graph(run: Run, name: str) -> InferenceSession:
    # Here: a server's first page needs no model.
    from onnxruntime import InferenceSession, SessionOptions
    from onnxruntime.capi import onnxruntime_pybind11_state as faults

    no_graph = (
        *(faults.Fail, faults.InvalidArgument, faults.InvalidGraph, faults.InvalidProtobuf),
        *(faults.NotImplemented, faults.RuntimeException),
    )
    options = SessionOptions()
    # Long enough for the next operator, short enough to leave idle cores idle.
    options.add_session_config_entry("session.intra_op.spin_duration_us", SPIN_MICROSECONDS)
    data = run.read_graph(name)
    try:
        check_graph(data)
        return InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except (*no_graph, ValueError) as error:
        raise run.broken(name, str(error).partition("\n")[0], "an ONNX graph") from error
