"""Which classes are learned, and the class index of each painting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from core.collection.table import count_labels
from core.label_word import STYLE, LabelWord
from core.tasks import FURTHER, TASKS, Task, given_column

MIN_CLASS_WORKS: Final = 2  # one to learn from and one to score


@dataclass(frozen=True)
class Labels:
    """``classes``: sorted names a task. ``indices``: (N,) int64 a task, -1 for none.

    ``weights``: (N,) float32 a task, how much each label counts, 0 to 1; all alike without.
    ``further``: (N, m) int64 of a task whose works may have several labels: those after the first,
    -1 for none; no task where every work has one. ``word``: what the labels of the task style are
    called.
    """

    classes: dict[Task, tuple[str, ...]]
    indices: dict[Task, np.ndarray]
    weights: dict[Task, np.ndarray] = field(default_factory=dict)
    further: dict[Task, np.ndarray] = field(default_factory=dict)
    word: LabelWord = STYLE


def build_labels(paintings: pd.DataFrame, min_artist_works: int) -> Labels:
    """Classes with enough paintings, per task; a task with fewer than two classes is left out."""
    classes: dict[Task, tuple[str, ...]] = {}
    indices: dict[Task, np.ndarray] = {}
    further: dict[Task, np.ndarray] = {}
    for task in TASKS:
        given = paintings[given_column(task)]
        others = _read_others(paintings) if task == "style" else None
        counts = count_labels(paintings, task)
        enough = min_artist_works if task == "artist" else MIN_CLASS_WORKS
        names = tuple(sorted(counts.index[counts >= enough]))
        if len(names) < 2:
            continue
        classes[task] = names
        indices[task] = pd.Index(names).get_indexer(given).astype(np.int64)
        if others is not None:
            further[task] = _code_others(others, names)
            indices[task], further[task] = _fill_first(indices[task], further[task])
    return Labels(classes, indices, further=further)


def _read_others(paintings: pd.DataFrame) -> pd.Series | None:
    """Each work's styles after the first, null for none; None where no work has any."""
    if FURTHER not in paintings or not paintings[FURTHER].notna().any():
        return None
    return paintings[FURTHER]


def _code_others(others: pd.Series, names: tuple[str, ...]) -> np.ndarray:
    """(N, m) places in ``names``, -1 for none and for labels that are not learned."""
    places = {name: place for place, name in enumerate(names)}
    lists = [each if isinstance(each, tuple) else () for each in others]
    coded = np.full((len(lists), max(map(len, lists))), -1, dtype=np.int64)
    for row, several in enumerate(lists):
        coded[row, : len(several)] = [places.get(name, -1) for name in several]
    return coded


def _fill_first(first: np.ndarray, further: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same labels, the first of them the first that is learned."""
    every = np.column_stack([first, further])
    order = np.argsort(every < 0, axis=1, kind="stable")
    sorted_: np.ndarray = np.take_along_axis(every, order, axis=1)
    return sorted_[:, 0].copy(), sorted_[:, 1:].copy()
