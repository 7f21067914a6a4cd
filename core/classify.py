"""One image in, an answer out: the run's exported graphs through ONNX Runtime, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import onnxruntime as ort
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

from core.artifacts import ArtifactBroken, Run
from core.findings.neighbours import take_nearest
from core.images.decode import decode_image
from core.images.pixels import compute_square
from core.tasks import Task

NEIGHBOURS: Final = 12
POSITION_TEMPERATURE: Final = 0.05  # of similarity: the nearest few decide where a picture sits


@dataclass(frozen=True)
class Classification:
    """The published model's answer for one picture.

    ``probabilities``: per task (K,) float32, calibrated, summing to 1, in the run's class order.
    ``neighbours``: rows of the nearest paintings, nearest first; ``similarities`` beside it, -1..1.
    ``position``: (2,) on the style map, the neighbours' mean weighted by similarity.
    """

    probabilities: dict[Task, np.ndarray]
    embedding: np.ndarray
    neighbours: np.ndarray
    similarities: np.ndarray
    position: np.ndarray


class Classifier:
    """The published model of one run, ready to answer. Safe to share between threads.

    ``backbone.onnx``: image (B, S, S, 3) uint8 -> features (B, C, H, W) float32.
    ``head.onnx``: features -> logits_<task> (B, K) float32, already divided by the published
    model's temperature, and embedding (B, D) float32, L2-normalised.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._backbone = _open_graph(run, "backbone.onnx")
        self._head = _open_graph(run, "head.onnx")

    def classify(self, data: bytes) -> Classification:
        """Answers for the image file ``data``; raises ``ImageRefused`` when it is not one."""
        stored = int(self._run.manifest.config["short_side"])  # uploads are shrunk as they were
        image = decode_image(data, short_side=stored)
        pixels = compute_square(image, self._run.manifest.image_size)
        (features,) = self._backbone.run(["features"], {"image": pixels[None]})
        tasks = self._run.manifest.tasks
        names = [f"logits_{task}" for task in tasks]
        *logits, embeddings = self._head.run([*names, "embedding"], {"features": features})
        embedding = embeddings[0]
        similarity = self._run.embeddings @ embedding
        neighbours, similarities = take_nearest(similarity[None], min(NEIGHBOURS, len(self._run)))
        return Classification(
            probabilities={
                task: _softmax(answer[0]) for task, answer in zip(tasks, logits, strict=True)
            },
            embedding=embedding,
            neighbours=neighbours[0],
            similarities=similarities[0],
            position=_weighted_position(self._run.map[neighbours[0]], similarities[0]),
        )


def _softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max())
    return np.asarray(exponentials / exponentials.sum())


def _weighted_position(positions: np.ndarray, similarities: np.ndarray) -> np.ndarray:
    weights = np.exp((similarities - similarities.max()) / POSITION_TEMPERATURE)
    return np.asarray((positions * weights[:, None]).sum(axis=0) / weights.sum())


def _open_graph(run: Run, name: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.add_session_config_entry(
        "session.intra_op.allow_spinning", "0"
    )  # leave idle cores idle
    try:
        return ort.InferenceSession(run.folder / name, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
        raise ArtifactBroken(
            f"{name} of run {run.run_id} is broken",
            found=str(error).splitlines()[0][:200],
            expected="an ONNX graph",
            remedy=f"Remove {run.folder} and run: {run.manifest.command}",
        ) from error
