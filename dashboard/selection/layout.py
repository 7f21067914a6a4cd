"""Where a painting lies in a cloud of points, and what it is coloured by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.label_word import STYLE, LabelWord
from core.scores import SCORES
from core.tasks import FURTHER, given_column

Layout = Literal["map", "quadrants"]


SCORE_COLOURS: Final = {score.name: score.label for score in SCORES.values() if score.is_colour}
LIKELIEST: Final = ", the likeliest of several"  # the label in front
# What the points can be coloured by, as far as a run has it: texts for ``LabelWord.fill``.
COLOURS: Final = {
    "given": "Given {style}",
    "predicted": "Predicted {style}",
    "quadrant": "Quadrant",
    **SCORE_COLOURS,
    "genre": "Genre",
    "century": "Century",
    "artist": "Artist",
    "medium": "Appearance",
}


def list_colours(table: pd.DataFrame, word: LabelWord = STYLE) -> dict[str, str]:
    """Those of ``COLOURS`` that ``table`` has values for, with their labels, filled.

    A point has one colour: where works have several labels it is said which one that shows.
    """
    has_several = FURTHER in table and bool(table[FURTHER].notna().any())
    return {
        name: word.fill(f"{label}{LIKELIEST}" if name == "given" and has_several else label)
        for name, label in COLOURS.items()
        if name == "quadrant" or colour_values(table, name).notna().any()
    }


def colour_values(table: pd.DataFrame, colour: str) -> pd.Series:
    """What ``table`` says for one of ``COLOURS``; all missing if it has no such column."""
    if colour == "century":
        return compute_century(table["year"])
    if colour == "genre":
        return table[given_column("genre")]
    if colour in table:
        return table[colour]
    return pd.Series(None, index=table.index, dtype="object")


def drop_hidden(
    table: pd.DataFrame, rows: np.ndarray, colour: str, hidden: Sequence[str]
) -> np.ndarray:
    """``rows`` without those of the classes ``hidden``, by what the points are coloured by."""
    if not hidden or colour in SCORE_COLOURS:
        return rows
    values = colour_values(table, colour)
    unwanted = [*hidden, *(int(name) for name in hidden if name.removeprefix("-").isdecimal())]
    kept: np.ndarray = rows[~values.isin(unwanted).to_numpy()[rows]]
    return kept


def compute_century(year: pd.Series) -> pd.Series:
    """``1815`` -> ``19``; years before Christ give 0 and below. Int16, missing where undated."""
    return ((year.astype("Int32") - 1) // 100 + 1).astype("Int16")


def compute_ceiling(loss: pd.Series, line: float) -> float:
    """Where the chart of losses ends: the few higher ones are drawn at it.

    ``line`` is the run's own between low and high loss; the result is rounded to a tenth.
    """
    known = loss.to_numpy(dtype=float, na_value=np.nan)
    known = known[np.isfinite(known)]
    top = float(np.quantile(known, 0.999)) if len(known) else 0.0
    return round(max(top, 1.25 * line, 1.0) + 0.05, 1)


def place_points(table: pd.DataFrame, layout: Layout, ceiling: float) -> np.ndarray:
    """(n, 2) where ``table``'s paintings lie; NaN if they have no place in ``layout``."""
    if layout == "map":
        return table[["x", "y"]].to_numpy(dtype=float)
    places = table[["confidence", "loss"]].to_numpy(dtype=float, na_value=np.nan)
    return np.column_stack([places[:, 0], np.minimum(places[:, 1], ceiling)])
