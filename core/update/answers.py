"""What the published model of a run says of pictures that it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.artifacts import Run
from core.classify.session import ModelSession, compute_softmax
from core.findings.novelty import NoveltyReference
from core.findings.oeuvre.other_works import code_artists
from core.images.pixels import load_square
from core.images.store import ImageStore
from core.progress import stage
from core.tasks import Task

BATCH: Final = 16


@dataclass(frozen=True)
class FreshAnswers:
    """Of n pictures: ``probabilities`` (n, K) a task, calibrated, and ``uncalibrated``;
    ``embeddings`` (n, D), L2-normalised; ``layers`` (n, C) by name; ``novelty`` (n,), NaN where the
    run was published without layers.
    """

    probabilities: dict[Task, np.ndarray]
    uncalibrated: dict[Task, np.ndarray]
    embeddings: np.ndarray
    layers: dict[str, np.ndarray]
    novelty: np.ndarray


def ask_model(run: Run, store: ImageStore, images: Sequence[str]) -> FreshAnswers:
    """Asks the model of ``run`` about pictures of ``store``."""
    session, side = ModelSession(run), run.manifest.image_size
    temperatures = {task: run.manifest.temperatures[task][-1] for task in run.manifest.tasks}
    logits: dict[Task, list[np.ndarray]] = {task: [] for task in run.manifest.tasks}
    embeddings: list[np.ndarray] = []
    seen: dict[str, list[np.ndarray]] = {name: [] for name in session.layers}
    with stage("New works", len(images)) as progress:
        for start in range(0, len(images), BATCH):
            block = images[start : start + BATCH]
            pixels = np.stack([load_square(store.read(image), side) for image in block])
            features, layers = session.extract(pixels)
            answer = session.answer(features)
            embeddings.append(answer.embedding)
            for task, each in answer.logits.items():
                logits[task].append(each)
            for name, values in zip(seen, layers, strict=True):
                seen[name].append(values)
            progress.advance(len(block))
    whole = {task: _join(each, len(run.classes(task))) for task, each in logits.items()}
    joined = {name: _join(each, session.layers[name].shape[1]) for name, each in seen.items()}
    return FreshAnswers(
        {task: compute_softmax(each) for task, each in whole.items()},
        {task: compute_softmax(each * temperatures[task]) for task, each in whole.items()},
        _join(embeddings, run.embeddings.shape[1]),
        joined,
        _measure_novelty(run, joined, len(images)),
    )


def _measure_novelty(run: Run, layers: dict[str, np.ndarray], count: int) -> np.ndarray:
    if not layers or not count:
        return np.full(count, np.nan)
    own = {"texture": run.texture, "content": run.content}
    kept = [values for name in layers if (values := own[name]) is not None]
    reference = NoveltyReference(kept, code_artists(run.paintings["artist"]))
    return reference.measure(list(layers.values()))


def _join(blocks: list[np.ndarray], width: int) -> np.ndarray:
    return np.concatenate([np.empty((0, width), dtype=np.float32), *blocks])
