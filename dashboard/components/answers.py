"""What the model answers: bars of the most probable classes of a task."""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np

from dashboard.components.page import build_bars
from dashboard.words import class_name

TOP: Final = 5


def build_answers(probabilities: np.ndarray, classes: tuple[str, ...], given: str = "") -> str:
    """HTML bars of the most probable classes; the given one is marked, and added when lower."""
    order = np.argsort(-probabilities, kind="stable")[:TOP].tolist()
    given = given if given in classes else ""
    if given and classes.index(given) not in order:
        order.append(classes.index(given))
    return build_bars(
        (_label(classes[place], given), float(probabilities[place]), place == order[0])
        for place in order
    )


def _label(name: str, given: str) -> str:
    label = escape(class_name(name))
    return f"{label} <small>(label)</small>" if name == given else label
