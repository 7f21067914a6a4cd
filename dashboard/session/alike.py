"""From one picture to the paintings of the collection that are most like it."""

from __future__ import annotations

import numpy as np

from dashboard.runs.model_cache import load_classifier
from dashboard.runs.open_run import OpenRun
from dashboard.selection.likeness import LIKE, LIKENESS, MOST_ALIKE, format_alike
from dashboard.session import state


def open_alike(opened: OpenRun, embedding: np.ndarray) -> None:
    """Opens the map on the paintings most like ``embedding`` (D,), L2-normalised.

    They are in the link, so that it reopens them without the picture; the first one is ringed.
    """
    rows = load_classifier(opened.run).find_nearest(embedding, MOST_ALIKE)
    state.go(
        "map",
        filters={LIKE: (format_alike(rows),)},
        order=LIKENESS,
        focus=str(opened.table["key"].iloc[rows[0]]),
        **dict.fromkeys(("area", "region", "find", "painting", "origin", "subject"), ""),
        hidden=(),
    )
