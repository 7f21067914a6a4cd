"""Which labels a fold can judge: those whose class occurs in its training side.

A model that never saw a class gives it almost no probability, so every painting of the class would
rank as a likely error. Such labels get no scores; the paintings stay in the run.
"""

from __future__ import annotations

import numpy as np

from core.collection.wording import count_of, list_some
from core.findings.several import put_together
from core.tasks import Task
from core.training.labels import Labels


def find_learned(labels: Labels, rows: np.ndarray) -> dict[Task, np.ndarray]:
    """(K,) bool a task: the classes that have a painting among ``rows``."""
    learned = {}
    for task, classes in labels.classes.items():
        further = labels.further.get(task)
        given = put_together(labels.indices[task], further)[rows].ravel()
        learned[task] = np.bincount(given[given >= 0], minlength=len(classes)) > 0
    return learned


def find_judged(
    labels: Labels, fold: np.ndarray, learned: list[dict[Task, np.ndarray]]
) -> dict[Task, np.ndarray]:
    """(N,) class index a task, -1 where there is no label or its fold never saw the class.

    ``fold`` (N,): the fold that scores a painting. ``learned``: ``find_learned`` of each fold's
    training rows. A task of which no label could be judged keeps them all: see ``note_unjudged``.
    """
    judged = {}
    for task, given in labels.indices.items():
        scored = np.flatnonzero((fold >= 0) & (given >= 0))
        known = np.stack([each[task] for each in learned])  # (folds, K)
        judged[task] = np.full_like(given, -1)
        can = known[fold[scored], given[scored]]
        rows = scored[can] if can.any() else scored
        judged[task][rows] = given[rows]
    return judged


def note_unjudged(
    labels: Labels, fold: np.ndarray, learned: list[dict[Task, np.ndarray]]
) -> list[str]:
    """Notes for the user on the labels that no fold can judge, one a task that has any."""
    notes = []
    for task, given in labels.indices.items():
        scored = np.flatnonzero((fold >= 0) & (given >= 0))
        known = np.stack([each[task] for each in learned])
        missed = given[scored][~known[fold[scored], given[scored]]]
        names = [labels.classes[task][index] for index in np.unique(missed)]
        several = labels.word.name_all(task)
        if len(missed) == len(scored) > 0:
            notes.append(
                f"No fold learned the {several} that it scores: the scores of the {several} say "
                "nothing. They do where oeuvres may be parted (--group-by picture)."
            )
        elif names:
            notes.append(
                f"The {labels.word.name(task)} of {count_of(len(missed), 'painting')} is not "
                f"judged, as their fold had no others to learn it from: {list_some(names)}."
            )
    return notes
