"""Which filters of a link are in force, how they read, and quadrants by other thresholds."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.findings.labels.quadrants import QUADRANTS, code_label_states, code_quadrants
from core.label_word import STYLE, LabelWord
from core.scores import SCORES
from dashboard.selection.facet_kinds import Choice, Chosen, Facet, Flags, Like, Membership, Range
from dashboard.selection.facets import FACETS
from dashboard.selection.likeness import parse_alike
from dashboard.words import count

Filters = Mapping[str, Chosen]  # by name of a facet; one that is missing or empty keeps everything


def place_quadrants(table: pd.DataFrame, loss: float, confidence: float) -> pd.DataFrame:
    """``table`` with ``quadrant`` by the given thresholds instead of the run's own."""
    codes = code_quadrants(
        find_label_states(table),
        _numbers(table["loss"]),
        _numbers(table["confidence"]),
        loss,
        confidence,
    )
    names = pd.Categorical.from_codes(codes, categories=pd.Index(list(QUADRANTS)))
    return table.assign(quadrant=names)


def find_label_states(table: pd.DataFrame) -> np.ndarray:
    """(N,) int8: what the model says of each painting's label, see ``code_label_states``."""
    given, predicted = (table[name].astype(object) for name in ("given", "predicted"))
    agrees = (given == predicted).to_numpy(dtype=bool)
    is_near = table["depth"].notna().to_numpy() if "depth" in table else None
    return code_label_states(given.notna().to_numpy(), _numbers(table["loss"]), agrees, is_near)


def _numbers(column: pd.Series) -> np.ndarray:
    """(N,) float with NaN for what is missing."""
    return column.to_numpy(dtype=float, na_value=np.nan)


def active_filters(table: pd.DataFrame, filters: Filters) -> dict[str, Chosen]:
    """Those of ``filters`` in which something is chosen, and whose columns ``table`` has."""
    return {
        name: filters[name]
        for name, facet in FACETS.items()
        if filters.get(name) and all(column in table for column in facet.columns)
    }


def describe_filters(
    table: pd.DataFrame, filters: Filters, sets: Mapping[str, str], word: LabelWord = STYLE
) -> str:
    """The filters in force in words: ``"Given style: Cubism, Baroque; Years: 1880 to 1910"``.

    ``sets``: names of the sets by id.
    """
    told = {
        name: ", ".join(_write(FACETS[name], value, sets) for value in chosen)
        for name, chosen in active_filters(table, filters).items()
    }
    return "; ".join(f"{word.fill(FACETS[name].label)}: {text}" for name, text in told.items())


def _write(facet: Facet, value: str, sets: Mapping[str, str]) -> str:
    if isinstance(facet, Choice | Flags):
        return facet.show(value)
    if isinstance(facet, Membership):
        return sets.get(value, value)
    if isinstance(facet, Like):
        return count(len(parse_alike((value,), sys.maxsize)), "painting")
    return value.replace("..", " to ") if isinstance(facet, Range) else value


def list_lacking(
    table: pd.DataFrame, filters: Filters | None = None, order: str = "", colour: str = ""
) -> list[str]:
    """Labels of the scores that a filter, an order or a colour asks for but ``table`` lacks."""
    return [
        score.label
        for name, score in SCORES.items()
        if name not in table
        and (
            bool((filters or {}).get(score.filter))
            or order in (each.name for each in score.orders)
            or (score.is_colour and colour == name)
        )
    ]
