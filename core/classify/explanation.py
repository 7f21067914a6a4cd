"""Which parts of a picture moved the model: shows the head parts of the feature map.

No gradients: the backbone runs once, over the picture and over a blank canvas of its mean colour,
then the exported head over one batch, in which all but a few cells are the canvas's. Source:
occlusion (Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014), on
the feature map instead of the pixels, which avoids patch edges; and inverted, since hiding one of
many cells hardly changes the answer (bench/LOG.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.classify.session import ModelSession
from core.tasks import Task


@dataclass(frozen=True)
class Explanation:
    """Per task, for every class at once.

    ``cells`` (H, W, K): log odds of each class when a cell of the feature map is shown alone, less
    the mean of all cells; above 0 it supports the class more than the rest of the picture does,
    below 0 less. Row 0 is the top, column 0 the left. ``reading`` (W + 1, K): probabilities after
    the model has seen the first 0, 1, ... W columns.
    """

    cells: dict[Task, np.ndarray]
    reading: dict[Task, np.ndarray]


def explain_picture(session: ModelSession, pixels: np.ndarray) -> Explanation:
    """Explains the answers to ``pixels`` (S, S, 3) uint8."""
    colour = pixels.mean(axis=(0, 1)).round().astype(np.uint8)
    canvas = np.broadcast_to(colour, pixels.shape)
    return explain_features(session, *session.compute_features(np.stack([pixels, canvas])))


def explain_features(session: ModelSession, features: np.ndarray, blank: np.ndarray) -> Explanation:
    """Explains the head's answers to one feature map (C, H, W); ``blank`` is a bare canvas's."""
    _, height, width = features.shape
    masks = np.concatenate([_show_cells(height, width), _show_columns(height, width)])
    answers = session.answer(show(features, blank, masks))
    cells, reading = {}, {}
    for task, probabilities in answers.probabilities.items():
        shown, columns = np.split(probabilities, [height * width])
        odds = _log_odds(shown)
        cells[task] = (odds - odds.mean(axis=0)).reshape(height, width, -1)
        reading[task] = columns
    return Explanation(cells, reading)


def show(features: np.ndarray, blank: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """(B, C, H, W): ``features`` (C, H, W) where ``masks`` (B, H, W) is true, else ``blank``."""
    return np.where(masks[:, None], features, blank)


def _show_cells(height: int, width: int) -> np.ndarray:
    """(H * W, H, W): one cell shown in each."""
    return np.eye(height * width, dtype=bool).reshape(-1, height, width)


def _show_columns(height: int, width: int) -> np.ndarray:
    """(W + 1, H, W): the first 0, 1, ... W columns shown."""
    shown = np.tri(width + 1, width, k=-1, dtype=bool)
    return np.repeat(shown[:, None, :], height, axis=1)


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    clipped = probabilities.clip(1e-7, 1 - 1e-7)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))
