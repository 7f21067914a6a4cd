"""Works with several labels: which of them a run puts in front.

All of a work's labels are learned alike. What is found of a work is about the one that the model,
out of fold, gives most: where not even that one fits, none does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from core.collection.wording import count_of
from core.findings.several import front_best
from core.tasks import FURTHER, Task, given_column
from core.training.labels import Labels


def front_labels(labels: Labels, logits: dict[Task, np.ndarray]) -> Labels:
    """``labels`` with the likeliest of each work's first; ``logits`` (N, K) a task, NaN where none
    was given.
    """
    indices, further = dict(labels.indices), dict(labels.further)
    for task, others in labels.further.items():
        least = np.nanmin(logits[task])
        chances = np.nan_to_num(logits[task] - least)  # 0 up, in the order of the logits
        indices[task], further[task] = front_best(chances, indices[task], others)
    return replace(labels, indices=indices, further=further)


def front_names(paintings: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """``paintings`` with the names in the order of ``labels``; unchanged without works of several.

    Names that are not learned come last.
    """
    if "style" not in labels.further:
        return paintings
    column, names = given_column("style"), np.array([*labels.classes["style"], None], dtype=object)
    fronts = names[labels.indices["style"]]
    given, further = [], []
    for front, first, others in zip(fronts, paintings[column], paintings[FURTHER], strict=True):
        every = [first, *others] if isinstance(others, tuple) else [first]
        front = first if front is None else front
        given.append(front)
        further.append(tuple(name for name in every if name != front) or None)
    return paintings.assign(
        **{
            column: pd.Series(given, index=paintings.index, dtype="str"),
            FURTHER: pd.Series(further, index=paintings.index, dtype="object"),
        }
    )


def note_several(labels: Labels) -> list[str]:
    """What a run says of its works with several labels."""
    if "style" not in labels.further:
        return []
    works = int((labels.further["style"] >= 0).any(axis=1).sum())
    one, several = labels.word.singular, labels.word.plural
    return [
        f"{count_of(works, 'work')} with several {several}: each is learned, and whatever is "
        f"counted counts a work under each. Scores and quadrants are of all of a work's {several} "
        f"together; the {one} that the model finds likeliest stands in front, colours the points, "
        f"and the sentences after the first are about it."
    ]
