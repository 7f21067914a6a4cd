"""Two runs over the same paintings, side by side: pure functions of tables."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from core.findings.labels.quadrants import FLAGGED

_COLUMNS: Final = ["given", "predicted", "confidence", "quadrant", "score"]


def pair_runs(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """One row a painting that both runs hold: key, and each column ``_before`` and ``_after``.

    ``row_before`` and ``row_after`` are its rows in the two tables.
    """
    sides = [
        table[["key", *_COLUMNS]]
        .astype({"given": "str", "predicted": "str", "quadrant": "str"})
        .assign(row=table.index)
        for table in (before, after)
    ]
    return sides[0].merge(sides[1], on="key", suffixes=("_before", "_after"))


def find_changes(pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """``vanished``: flagged before, not after; ``new``: the reverse. Most suspicious first.

    ``relabelled``: the label changed in between.
    """
    before = pairs["quadrant_before"].isin(FLAGGED)
    after = pairs["quadrant_after"].isin(FLAGGED)
    known = pairs["given_before"].notna() | pairs["given_after"].notna()
    moved = (pairs["given_before"].fillna("") != pairs["given_after"].fillna("")) & known
    return {
        "vanished": _rank(pairs[before & ~after], "score_before"),
        "new": _rank(pairs[after & ~before], "score_after"),
        "relabelled": _rank(pairs[moved], "score_before"),
    }


def measure_answers(pairs: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Accuracy of both runs' answers by the labels of each: ``[labels][answers]``, 0 to 1.

    On the paintings that both have judged, so that the figures may be compared.
    """
    judged = pairs.dropna(
        subset=["given_before", "given_after", "predicted_before", "predicted_after"]
    )
    return {
        labels: {
            answers: float((judged[f"predicted_{answers}"] == judged[f"given_{labels}"]).mean())
            if len(judged)
            else float("nan")
            for answers in ("before", "after")
        }
        for labels in ("before", "after")
    }


def measure_styles(pairs: pd.DataFrame) -> pd.DataFrame:
    """By style as labelled now: paintings, share of them found before and after, 0 to 1."""
    judged = pairs.dropna(subset=["given_after", "predicted_before", "predicted_after"])
    found = pd.DataFrame(
        {
            "style": judged["given_after"],
            "before": judged["predicted_before"] == judged["given_after"],
            "after": judged["predicted_after"] == judged["given_after"],
        }
    )
    table = found.groupby("style").agg(
        paintings=("before", "size"), before=("before", "mean"), after=("after", "mean")
    )
    table["gain"] = table["after"] - table["before"]
    return table.sort_values("gain", key=np.abs, ascending=False).reset_index()


def _rank(pairs: pd.DataFrame, column: str) -> pd.DataFrame:
    return pairs.sort_values(column, ascending=False, kind="stable")
