"""Which classes are learned, and the class index of each painting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from core.label_word import STYLE, LabelWord
from core.tasks import TASKS, Task, given_column

MIN_CLASS_WORKS: Final = 2  # one to learn from and one to score


@dataclass(frozen=True)
class Labels:
    """``classes``: sorted names a task. ``indices``: (N,) int64 a task, -1 for none.

    ``weights``: (N,) float32 a task, how much each label counts, 0 to 1; all alike without.
    ``word``: what the labels of the task style are called.
    """

    classes: dict[Task, tuple[str, ...]]
    indices: dict[Task, np.ndarray]
    weights: dict[Task, np.ndarray] = field(default_factory=dict)
    word: LabelWord = STYLE


def build_labels(paintings: pd.DataFrame, min_artist_works: int) -> Labels:
    """Classes with enough paintings, per task; a task with fewer than two classes is left out."""
    classes: dict[Task, tuple[str, ...]] = {}
    indices: dict[Task, np.ndarray] = {}
    for task in TASKS:
        given = paintings[given_column(task)]
        counts = given.value_counts()
        enough = min_artist_works if task == "artist" else MIN_CLASS_WORKS
        names = tuple(sorted(counts.index[counts >= enough]))
        if len(names) < 2:
            continue
        classes[task] = names
        indices[task] = pd.Index(names).get_indexer(given).astype(np.int64)
    return Labels(classes, indices)
