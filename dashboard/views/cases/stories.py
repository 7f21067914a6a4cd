"""Figures for the page of a case: pure functions that return tables and arrays."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from core.findings.labels.losses import find_judged
from dashboard.runs.open_run import OpenRun

SMALLEST: Final = 0.02  # share from which on a style is named


def compare_styles(opened: OpenRun, rows: np.ndarray) -> pd.DataFrame:
    """Shares of styles among the works ``rows``: given, seen, and usual; index = style.

    ``given``: of the labels. ``seen``: mean probability of the style, by the model that never saw
    the artist where the run has one. ``usual``: what one sees in
    other works of the same labels, each work's label weighing alike. All 0 to 1; styles with less
    than ``SMALLEST`` in each column are left out; the most seen come first.
    """
    classes = opened.run.classes("style")
    labels = _code_labels(opened, classes)
    unseen = opened.run.unseen  # the witness that the case rests on
    seen = opened.run.probabilities("style") if unseen is None else unseen
    judged = find_judged(seen, labels)
    own = rows[judged[rows]]
    if not len(own):
        return pd.DataFrame(columns=["given", "seen", "usual"], dtype=float)
    others = judged.copy()
    others[own] = False
    given = np.bincount(labels[own], minlength=len(classes)) / len(own)
    usual = np.zeros(len(classes))
    for style in np.unique(labels[own]):
        works = seen[others & (labels == style)]
        usual += given[style] * (works.mean(axis=0) if len(works) else seen[own].mean(axis=0))
    table = pd.DataFrame(
        {"given": given, "seen": seen[own].mean(axis=0), "usual": usual}, index=list(classes)
    )
    table = table[(table >= SMALLEST).any(axis=1)]
    return table.sort_values("seen", ascending=False, kind="stable")


def find_counterparts(
    opened: OpenRun, rows: np.ndarray, style: str, artist: str, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """For each of ``rows`` the nearest works labelled ``style`` that ``artist`` did not make.

    (n, m) rows, nearest first, and (n, m) cosine similarities; m is ``count``, less where there
    are fewer.
    """
    table = opened.table
    candidates = np.flatnonzero(
        ((table["given"] == style) & (table["artist"] != artist)).to_numpy()
    )
    embeddings = opened.run.embeddings
    likeness = embeddings[rows] @ embeddings[candidates].T
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :count]
    return candidates[order], np.take_along_axis(likeness, order, axis=1)


def _code_labels(opened: OpenRun, classes: tuple[str, ...]) -> np.ndarray:
    """(N,) place of each painting's given style among ``classes``, -1 for none."""
    column = opened.table["given"].cat
    places = {name: place for place, name in enumerate(classes)}
    codes = np.array([places.get(name, -1) for name in column.categories] + [-1])
    coded: np.ndarray = codes[column.codes]
    return coded
