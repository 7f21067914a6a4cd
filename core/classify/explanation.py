"""What in a picture moved the model: cells of the feature map are hidden, and the head asked again.

No gradients: the backbone runs once, then one batch of the exported head. Source: occlusion (Zeiler
and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014), on the feature map
instead of the pixels, where nothing unnatural is shown to the backbone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.classify.session import ModelSession
from core.tasks import Task


@dataclass(frozen=True)
class Explanation:
    """Per task, for every class at once.

    ``cells`` (H, W, K): by how much each cell of the feature map raises the log odds of each class;
    above 0 it speaks for the class, below 0 against it. Row 0 is the top, column 0 the left.
    ``reading`` (W + 1, K): probabilities after the model has seen the first 0, 1, ... W columns.
    """

    cells: dict[Task, np.ndarray]
    reading: dict[Task, np.ndarray]


def explain_features(session: ModelSession, features: np.ndarray) -> Explanation:
    """Explains the head's answers to one feature map (C, H, W)."""
    _, height, width = features.shape
    masks = np.concatenate([_hide_cells(height, width), _reveal_columns(height, width)])
    answers = session.answer(hide(features, masks))
    cells, reading = {}, {}
    for task, probabilities in answers.probabilities.items():
        odds = _log_odds(probabilities)
        whole = odds[-1]  # every column revealed: nothing hidden
        cells[task] = (whole - odds[: height * width]).reshape(height, width, -1)
        reading[task] = probabilities[height * width :]
    return Explanation(cells, reading)


def hide(features: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """(B, C, H, W): ``features`` (C, H, W) where ``masks`` (B, H, W) is 1, elsewhere their mean.

    The mean is that of the picture itself, so that what is hidden says nothing.
    """
    mean = features.mean(axis=(1, 2), keepdims=True)
    kept = masks[:, None].astype(features.dtype)
    return np.asarray(mean + kept * (features - mean))


def _hide_cells(height: int, width: int) -> np.ndarray:
    """(H * W, H, W): one cell hidden in each."""
    return 1 - np.eye(height * width, dtype=np.float32).reshape(-1, height, width)


def _reveal_columns(height: int, width: int) -> np.ndarray:
    """(W + 1, H, W): the first 0, 1, ... W columns shown."""
    shown = np.tri(width + 1, width, k=-1, dtype=np.float32)
    return np.repeat(shown[:, None, :], height, axis=1)


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    clipped = probabilities.clip(1e-7, 1 - 1e-7)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))
