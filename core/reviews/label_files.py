"""Cleaned label files in WikiArt's own form: ``style_train.csv``, ``style_val.csv``, class list."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

import pandas as pd

from core.label_word import STYLE, LabelWord
from core.reviews.majority import Outcome
from core.tasks import FURTHER, TASKS, Task, given_column

_SPECIAL: Final = re.compile('[",;\r\n\t\ufeff]')
_BREAKS: Final = re.compile("[\r\n]+")
LEFT_OUT: Final[tuple[Outcome, ...]] = ("mislabelled", "not a painting")


def build_label_files(
    paintings: pd.DataFrame, decisions: pd.DataFrame, word: LabelWord = STYLE
) -> dict[str, str]:
    """File name -> text: rows ``path,class`` a split, and ``N name`` lines for the classes.

    ``paintings`` as in a run; ``decisions`` of ``majority.decide``. Relabelled paintings carry the
    proposed label; those with a wrong label and no agreed other, or that are not paintings, are
    left out. Paintings of no official split are in the train file. A path is quoted where its
    characters need it, as in any CSV; the official lists need it nowhere. A painting of several
    labels has a row for each.
    """
    files: dict[str, str] = {}
    for task in TASKS:
        labels = clean_labels(paintings, decisions, task).dropna()
        if labels.empty:
            continue
        name = word.column if task == "style" else task
        names = sorted(labels.unique())
        numbers = labels.map({label: number for number, label in enumerate(names)})
        is_val = (paintings.loc[labels.index, "split"] == "val").to_numpy(dtype=bool)
        for split, chosen in (("train", ~is_val), ("val", is_val)):
            keys = paintings.loc[labels.index[chosen], "key"]
            rows = zip(keys, numbers[chosen], strict=True)
            files[f"{name}_{split}.csv"] = "".join(_write_row(*row) for row in rows)
        lines = (f"{n} {_BREAKS.sub(' ', label)}\n" for n, label in enumerate(names))
        files[f"{name}_class.txt"] = "".join(lines)
    return files


def _write_row(key: str, number: int) -> str:
    is_plain = key == key.strip() and not _SPECIAL.search(key)
    path = key if is_plain else '"{}"'.format(key.replace('"', '""'))
    return f"{path},{number}\n"


def clean_labels(paintings: pd.DataFrame, decisions: pd.DataFrame, task: Task) -> pd.Series:
    """Each painting's labels of ``task`` after the decisions, by its row; null for none left.

    One entry a painting, of several labels one a label.
    """
    entries = _list_entries(paintings, task)
    own = decisions[decisions["task"] == task][["key", "given", "outcome", "proposed"]]
    named = own.assign(given=own["given"].fillna(""))
    asked = entries.assign(given=entries["label"].fillna(""))
    found = asked.merge(named, how="left", on=["key", "given"])
    other = decisions.loc[decisions["outcome"] == "not a painting", "key"]
    gone = found["outcome"].isin(LEFT_OUT) | found["key"].isin(other)
    labels = found["label"].where(found["outcome"] != "relabel", found["proposed"]).mask(gone)
    kept = pd.DataFrame({"row": entries.index, "label": labels.to_numpy()}).drop_duplicates()
    return pd.Series(kept["label"].to_numpy(), index=kept["row"], dtype="str")


def _list_entries(paintings: pd.DataFrame, task: Task) -> pd.DataFrame:
    """``key`` and ``label`` of every label of ``task``, by row; null where there is none."""
    fronts = pd.DataFrame({"key": paintings["key"], "label": paintings[given_column(task)]})
    if task != "style" or FURTHER not in paintings:
        return fronts
    others = paintings[FURTHER].explode().dropna().rename("label")
    behind = paintings[["key"]].join(others, how="right")
    return pd.concat([fronts, behind]).sort_index(kind="stable").astype("str")


def pack(files: dict[str, str]) -> bytes:
    """The files as a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()
