"""What a verdict is on: a painting, a task and, of several labels, which one."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.tasks import FURTHER, given_column

PLACE: Final = ("key", "task", "of_several")


def find_places(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns ``PLACE`` of ``rows`` of the log; empty where a work has one label."""
    places: pd.DataFrame = rows[list(PLACE)]
    return places.assign(of_several=places["of_several"].fillna(""))


def place_on_labels(rows: pd.DataFrame, paintings: pd.DataFrame) -> pd.DataFrame:
    """``rows`` of the log with ``of_several`` as the labels of ``paintings`` are now.

    A work may have had one label when it was judged and several since, or the other way round: a
    verdict on a label that it still has is one on that label, which a later one supersedes. One on
    a label that is gone stays as it was recorded. ``paintings``: key, given_style, ``FURTHER``.
    """
    judged = paintings[paintings["key"].isin(rows["key"])]
    several = pd.Series(None, index=judged.index, dtype="object")
    if FURTHER in judged:
        several = judged[FURTHER]
    now = {
        key: (front, *(others if isinstance(others, tuple) else ()))
        for key, front, others in zip(
            judged["key"], judged[given_column("style")], several, strict=True
        )
    }
    placed = rows["of_several"].tolist()
    columns = (rows["task"], rows["key"], rows["given"])
    for place, (task, key, given) in enumerate(zip(*columns, strict=True)):
        labels = now.get(key, ()) if task == "style" else ()
        if given in labels:
            placed[place] = given if len(labels) > 1 else None
    return rows.assign(of_several=pd.Series(placed, rows.index, dtype="str"))
