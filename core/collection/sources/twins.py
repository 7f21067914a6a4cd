"""WikiArt's twins: works that are filed under two styles, as one painting with two labels."""

from __future__ import annotations

import filecmp
from pathlib import Path

import pandas as pd

from core.collection.account import Account
from core.collection.wording import count_of
from core.tasks import FURTHER


def merge_twins(rows: pd.DataFrame, home: Path, account: Account) -> tuple[pd.DataFrame, str]:
    """``rows`` with one painting for each file name that stands in several folders, and a note.

    Names without ``_``, which separates artist and title, say nothing. The first path stays, with
    the styles of all; genre and split are the first that are given. ``home``: the folder that
    ``image`` is relative to.
    """
    rows = rows.sort_values("key", ignore_index=True)
    names = rows["key"].str.rpartition("/")[2]
    is_twin = names.str.contains("_", regex=False) & names.duplicated(keep=False)
    works = [part for _, part in rows[is_twin].groupby(names[is_twin])]
    if not works:
        return rows, "--merge-twins: no file name stands in two folders."
    styles = {int(work.index[0]): _list_styles(work) for work in works}
    gone = [row for work in works for row in work.index[1:]]
    merged = rows.copy()
    for column in ("given_genre", "split"):
        if column in rows:
            shared = merged[column].groupby(names.where(is_twin, rows["key"])).transform("first")
            merged[column] = shared.astype("object")
    fronts = pd.Series({row: each[0] for row, each in styles.items() if each}, dtype="object")
    merged.loc[fronts.index, "given_style"] = fronts
    before = rows[FURTHER].to_dict() if FURTHER in rows else {}
    others = before | {row: each[1:] or None for row, each in styles.items()}
    merged[FURTHER] = pd.Series([others.get(row) for row in rows.index], dtype="object")
    account.add("file", "left out", "the same work in another folder", rows.loc[gone, "key"])
    several = sum(len(each) > 1 for each in styles.values())
    same = sum(_is_one_file([home / str(image) for image in work["image"]]) for work in works)
    note = (
        f"--merge-twins: {count_of(len(gone), 'file')} left out, whose name stands in another "
        f"folder too; {count_of(several, 'work')} so {'has' if several == 1 else 'have'} several "
        f"styles. Of {count_of(len(works), 'name')} {same:,} are the same file byte by byte; the "
        "others are other scans or crops, and the first picture is kept."
    )
    return merged.drop(index=gone).reset_index(drop=True), note


def _list_styles(work: pd.DataFrame) -> list[str]:
    """The styles of all rows of one work, each once, in their order."""
    others = work[FURTHER].tolist() if FURTHER in work else [None] * len(work)
    every = [
        style
        for front, behind in zip(work["given_style"], others, strict=True)
        for style in (front, *(behind if isinstance(behind, list) else ()))
    ]
    return [str(style) for style in dict.fromkeys(every) if isinstance(style, str)]


def _is_one_file(files: list[Path]) -> bool:
    return all(filecmp.cmp(files[0], other, shallow=False) for other in files[1:])
