"""Cleaned label files in WikiArt's own form: ``style_train.csv``, ``style_val.csv``, class list."""

from __future__ import annotations

import io
import zipfile
from typing import Final

import pandas as pd

from core.reviews.majority import Outcome
from core.tasks import TASKS, Task, given_column

LEFT_OUT: Final[tuple[Outcome, ...]] = ("mislabelled", "not a painting")


def build_label_files(paintings: pd.DataFrame, decisions: pd.DataFrame) -> dict[str, str]:
    """File name -> text: rows ``path,class`` a split, and ``N name`` lines for the classes.

    ``paintings`` as in a run; ``decisions`` of ``majority.decide``. Relabelled paintings carry the
    proposed label; those with a wrong label and no agreed other, or that are not paintings, are
    left out. Paintings of no official split are in the train file.
    """
    files: dict[str, str] = {}
    for task in TASKS:
        labels = clean_labels(paintings, decisions, task).dropna()
        if labels.empty:
            continue
        names = sorted(labels.unique())
        numbers = labels.map({name: number for number, name in enumerate(names)})
        is_val = (paintings.loc[labels.index, "split"] == "val").to_numpy(dtype=bool)
        for split, chosen in (("train", ~is_val), ("val", is_val)):
            keys = paintings.loc[labels.index[chosen], "key"]
            rows = zip(keys, numbers[chosen], strict=True)
            files[f"{task}_{split}.csv"] = "".join(f"{key},{number}\n" for key, number in rows)
        files[f"{task}_class.txt"] = "".join(f"{n} {name}\n" for n, name in enumerate(names))
    return files


def clean_labels(paintings: pd.DataFrame, decisions: pd.DataFrame, task: Task) -> pd.Series:
    """Each painting's label of ``task`` after the decisions; null where there is none left."""
    own = decisions[decisions["task"] == task].set_index("key")
    outcome = paintings["key"].map(own["outcome"])
    proposed = paintings["key"].map(own["proposed"])
    other = decisions.loc[decisions["outcome"] == "not a painting", "key"]
    gone = outcome.isin(LEFT_OUT) | paintings["key"].isin(other)
    labels = paintings[given_column(task)].where(outcome != "relabel", proposed)
    return labels.mask(gone)


def pack(files: dict[str, str]) -> bytes:
    """The files as a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()
