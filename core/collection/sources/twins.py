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
    names = rows["key"].str.rpartition("/")[2]
    is_twin = names.str.contains("_", regex=False) & names.duplicated(keep=False)
    if not is_twin.any():
        return rows, "No file name stands in two folders: there was nothing to merge."
    kept, gone, same, several = rows.copy(), [], 0, 0
    if FURTHER not in kept:
        kept[FURTHER] = pd.Series(None, index=kept.index, dtype="object")
    for places in rows[is_twin].groupby(names[is_twin]).groups.values():
        first, *others = sorted(places, key=lambda place: str(rows.at[place, "key"]))
        every = [label for place in (first, *others) for label in _list_labels(kept, place)]
        styles = list(dict.fromkeys(every))
        kept.at[first, "given_style"] = styles[0] if styles else None
        kept.at[first, FURTHER] = styles[1:] or None
        for column in ("given_genre", "split"):
            told = rows.loc[[first, *others], column].dropna() if column in rows else []
            if len(told):
                kept.at[first, column] = told.iloc[0]
        files = [home / str(rows.at[place, "image"]) for place in (first, *others)]
        same += all(filecmp.cmp(files[0], other, shallow=False) for other in files[1:])
        several += len(styles) > 1
        gone += others
    account.add("file", "left out", "the same work in another folder", rows.loc[gone, "key"])
    works = count_of(len(gone), "file")
    note = (
        f"--merge-twins: {works} left out, whose name stands in another folder too; "
        f"{count_of(several, 'work')} so {'has' if several == 1 else 'have'} several styles. Of "
        f"{count_of(int(names[is_twin].nunique()), 'name')} {same:,} are the same file byte by "
        "byte; the others are other scans or crops, and the first picture is kept."
    )
    return kept.drop(index=gone).reset_index(drop=True), note


def _list_labels(rows: pd.DataFrame, place: int) -> list[str]:
    others = rows.at[place, FURTHER]
    front = rows.at[place, "given_style"]
    behind = others if isinstance(others, list) else []
    return [front, *behind] if isinstance(front, str) else behind
