"""Figures for the page of a case: pure functions that return tables and arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.runs.open_run import OpenRun


def compare_styles(opened: OpenRun, rows: np.ndarray) -> pd.DataFrame:
    """Shares of the works ``rows`` by label and by what is seen in them; index = style.

    ``given``: of the labels. ``seen``: of the first answers of the model that the case rests on.
    Counted as the case is: works that it judged, copies of a picture under one label once, a work
    of several labels under each in equal parts. All 0 to 1; the most seen come first.
    """
    works = opened.table.loc[np.sort(rows), ["duplicate_group"]].astype(object)
    labels = pd.Series(opened.labels[works.index], index=works.index)
    works = works.assign(given=labels, seen=opened.witness[works.index])
    works["part"] = [1 / max(len(each), 1) for each in labels]
    works = works.explode("given").dropna(subset=["given", "seen"])
    is_copy = works.duplicated(["given", "duplicate_group"]) & (works["duplicate_group"] >= 0)
    works = works[~is_copy]
    whole = works["part"].sum()
    shares = {name: works.groupby(name)["part"].sum() / whole for name in ("given", "seen")}
    table = pd.DataFrame(shares, dtype=float).fillna(0.0)
    return table.sort_values(["seen", "given"], ascending=False, kind="stable")


def find_counterparts(
    opened: OpenRun, rows: np.ndarray, style: str, artist: str, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """For each of ``rows`` the nearest works labelled ``style`` that ``artist`` did not make.

    (n, m) rows, nearest first, and (n, m) cosine similarities; m is ``count``, less where there
    are fewer.
    """
    by_others = (opened.table["artist"] != artist).to_numpy()
    candidates = np.flatnonzero(opened.has_label(style) & by_others)
    embeddings = opened.run.embeddings
    likeness = embeddings[rows] @ embeddings[candidates].T
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :count]
    return candidates[order], np.take_along_axis(likeness, order, axis=1)
