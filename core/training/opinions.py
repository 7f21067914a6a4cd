"""Second opinions: what other backbones, as they were pretrained, see in the same paintings.

Each is a regularised linear model on pooled features, out of fold on the network's own folds. The
folds' answers to style are then pooled with theirs in the logarithm, with weights that each fold
takes from the answers of the others.
Source: logarithmic opinion pools (Genest & Zidek, Statistical Science 1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import timm
import torch
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from core.images.store import ImageStore
from core.training.activations import fill, read_paintings
from core.training.backbone import Backbone
from core.training.families import fit_size
from core.training.filling import Recipe
from core.training.folds import Scores
from core.training.plain import PlainAnswers
from core.training.processes import Processes
from core.training.texture import pool_places
from core.training.weights import WeightsError, load_backbone, require_known
from core.training.work import WorkFolder

LEAST: Final = 1e-12  # no logarithm of zero
ORDINARY: Final = 224  # pixels, of a backbone that does not say for which size it was made


@dataclass(frozen=True)
class Adviser:
    """A backbone, and the file of its weights where they are not the hub's or a package's."""

    backbone: str
    weights: Path | None = None

    @classmethod
    def list_from(cls, text: str | None) -> list[Adviser]:
        """``"NAME,NAME=FILE"``; raises ``WeightsError`` for a name that timm does not know, or that
        stands there twice.
        """
        found: list[Adviser] = []
        for part in filter(None, (each.strip() for each in (text or "").split(","))):
            name, _, file = part.partition("=")
            require_known(name)
            if name in {each.backbone for each in found}:
                raise WeightsError(
                    "--second-opinion names a backbone twice",
                    found=name,
                    remedy="Name each once, with the file of its weights where it has one.",
                )
            found.append(cls(name, Path(file) if file else None))
        return found

    def compute_features(
        self, store: ImageStore, images: list[str], work: WorkFolder, processes: Processes
    ) -> np.ndarray:
        """(N, C) float32: pooled features of each whole painting, at the size that the backbone was
        made for.
        """
        made = timm.get_pretrained_cfg(self.backbone)
        size = fit_size(self.backbone, made.input_size[-1] if made else ORDINARY)
        model = load_backbone(self.backbone, size, pretrained=True, weights=self.weights)
        backbone = Backbone(model, 0, size).to(processes.device).eval()

        def compute(pixels: torch.Tensor) -> tuple[torch.Tensor]:
            with torch.inference_mode(), processes.autocast():
                return (pool_places(backbone(pixels.to(processes.device))).float(),)

        with read_paintings(store, images, size, processes) as read:
            recipe = Recipe(f"Second opinion of {self.backbone}", read, compute)
            (features,) = fill((f"opinion-{self.backbone}",), recipe, len(images), work, processes)
        return np.asarray(features)


def hear(
    scores: Scores, advisers: Sequence[Adviser], said: Sequence[PlainAnswers], fold: np.ndarray
) -> Scores:
    """``scores`` with the answers to style pooled with what the ``advisers`` ``said``.

    The labels that are judged, and the temperatures of the model that answers uploads, stay.
    """
    own = scores.probabilities["style"]
    sources = [own, *(each.probabilities for each in said)]
    judged = scores.judged["style"]
    weights = weigh_opinions(sources, judged, fold)
    shares = weights / weights.sum(axis=1, keepdims=True).clip(LEAST)
    names = ("the network", *(each.backbone for each in advisers))
    told = ", ".join(f"{n} {w:.2f}" for n, w in zip(names, shares.mean(axis=0), strict=True))
    pooled = pool(sources, weights, fold)
    alone, together = (_share_right(each, judged) for each in (own, pooled))
    note = (
        f"Second opinions: what the folds say of a label is pooled from {told} (weights, the mean "
        f"of the folds). They agree with {together:.1%} of the labels, the network alone with "
        f"{alone:.1%}. Uploads are answered by the network alone."
    )
    return replace(
        scores,
        probabilities=scores.probabilities | {"style": pooled},
        uncalibrated=scores.uncalibrated | {"style": pool(sources, shares, fold)},
        notes=(*scores.notes, note),
    )


def _share_right(probabilities: np.ndarray, labels: np.ndarray) -> float:
    rows = labels >= 0
    return float((probabilities[rows].argmax(axis=1) == labels[rows]).mean())


def weigh_opinions(
    sources: Sequence[np.ndarray], labels: np.ndarray, fold: np.ndarray
) -> np.ndarray:
    """(F, S): a weight, 0 up, of each of S ``sources`` (N, K) for each of F folds.

    Those that give the labels (N,), -1 for none, of the other folds the least log loss, which
    calibrates the pool as well. A fold that others say nothing for listens to all alike.
    """
    folds = int(fold.max()) + 1
    table = np.stack([np.log(each + LEAST) for each in sources])  # (S, N, K)
    told = (labels >= 0) & (fold >= 0) & all_answer(sources)
    weights = np.full((folds, len(sources)), 1 / len(sources))
    for number in range(folds):
        rows = np.flatnonzero(told & (fold != number))
        if len(rows):
            weights[number] = _fit_weights(table[:, rows], labels[rows])
    return weights


def all_answer(sources: Sequence[np.ndarray]) -> np.ndarray:
    """(N,) bool: rows of which every source says something."""
    answered: np.ndarray = np.logical_and.reduce([each.sum(axis=1) > 0 for each in sources])
    return answered


def pool(sources: Sequence[np.ndarray], weights: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """(N, K) float64 probabilities; the first source's alone where another says nothing."""
    pooled = np.array(sources[0], dtype=np.float64)
    rows = np.flatnonzero(all_answer(sources) & (fold >= 0))
    logs = np.stack([np.log(each[rows] + LEAST) for each in sources])
    pooled[rows] = softmax(np.einsum("snk,ns->nk", logs, weights[fold[rows]]), axis=1)
    return pooled


def _fit_weights(logs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(S,) from logs (S, n, K): convex, so that the start does not matter."""
    places = np.arange(len(labels))

    def lose(weights: np.ndarray) -> tuple[float, np.ndarray]:
        answers = log_softmax(np.einsum("snk,s->nk", logs, weights), axis=1)
        expected = (np.exp(answers)[None] * logs).sum(axis=2)
        slope = (expected - logs[:, places, labels]).mean(axis=1)
        return -float(answers[places, labels].mean()), slope

    start = np.full(len(logs), 1 / len(logs))
    found = minimize(lose, start, jac=True, method="L-BFGS-B", bounds=[(0, 10)] * len(logs))
    return np.asarray(found.x)
