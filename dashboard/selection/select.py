"""From a link to the paintings it shows: the only way, for every page and download."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
import pandas as pd

from core.artifacts import Thresholds
from dashboard.selection.faceted_table import FacetedTable
from dashboard.selection.layout import Layout, drop_hidden, place_points
from dashboard.selection.likeness import LIKE, LIKENESS, keep_alike, parse_alike
from dashboard.selection.order import keep_order
from dashboard.selection.outlines import inside, parse_outlines
from dashboard.selection.state import State

# The field of the state that holds the outlines drawn on a layout.
OUTLINES: Final[dict[Layout, Literal["area", "region"]]] = {"quadrants": "area", "map": "region"}
DEFAULT_COLOUR: Final = "given"


class Paintings(Protocol):
    """What a selection is made from: a run's table (N rows), its thresholds, colours and orders."""

    @property
    def table(self) -> pd.DataFrame: ...
    @property
    def thresholds(self) -> Thresholds: ...
    @property
    def colours(self) -> Mapping[str, str]: ...
    @property
    def ceiling(self) -> float: ...
    def faceted(self, thresholds: tuple[float, float]) -> FacetedTable: ...
    def order(self, name: str) -> np.ndarray: ...


@dataclass(frozen=True)
class Selection:
    """``table`` (N) has the quadrants by the ``thresholds`` (loss, confidence) in force.

    ``shown`` are the rows that the filters keep, ascending; ``rows`` those of them that lie inside
    the outlines and whose class the legend shows, in the order of the link. ``is_outlined``:
    whether an outline is drawn.
    """

    table: pd.DataFrame
    thresholds: tuple[float, float]
    colour: str
    shown: np.ndarray
    rows: np.ndarray
    is_outlined: bool


def select(run: Paintings, state: State, layout: Layout | None = None) -> Selection:
    """What ``state`` shows of ``run``; without a ``layout``, what its filters keep."""
    thresholds = thresholds_in_force(run, state)
    faceted = run.faceted(thresholds)
    table = faceted.table
    shown = rows = faceted.find_rows(state.filters)
    colour = colour_of(run, state, layout)
    outlines = parse_outlines(getattr(state, OUTLINES[layout])) if layout else ()
    if layout:
        rows = drop_hidden(table, rows, colour, state.hidden)
    if layout and outlines:
        x, y = place_points(table, layout, run.ceiling)[rows].T
        rows = rows[inside(outlines, x, y)]
    alike = parse_alike(state.filters.get(LIKE, ()), len(table))
    if state.order == LIKENESS and len(alike):
        ordered = keep_alike(alike, rows)
    else:
        ordered = keep_order(run.order(state.order), rows)
    return Selection(table, thresholds, colour, shown, ordered, bool(outlines))


def facet_in_force(run: Paintings, state: State) -> FacetedTable:
    """What filters keep of ``run``, with the quadrants by the thresholds in force."""
    return run.faceted(thresholds_in_force(run, state))


def thresholds_in_force(run: Paintings, state: State) -> tuple[float, float]:
    """The thresholds (loss, confidence) between the quadrants: the link's, else the run's own."""
    own = run.thresholds
    return (
        own.loss if state.loss is None else state.loss,
        own.confidence if state.confidence is None else state.confidence,
    )


def colour_of(run: Paintings, state: State, layout: Layout | None) -> str:
    """What the points of ``layout`` are coloured by, as far as the run has it."""
    if layout == "quadrants":
        return "quadrant"
    return state.colour if state.colour in run.colours else DEFAULT_COLOUR
