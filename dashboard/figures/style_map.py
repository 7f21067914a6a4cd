"""The style map: similar pictures lie near each other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.frame import build_frame
from dashboard.figures.hover import build_hover
from dashboard.figures.palette import ACCENT, FAINT, QUADRANT_COLOURS, Mark, mark_classes
from dashboard.figures.quadrants import add_outlines
from dashboard.filters import Outline

HEIGHT = 640
COLOURS = {"given": "Given style", "predicted": "Predicted style", "quadrant": "Quadrant"}


def build_style_map(
    table: pd.DataFrame,
    shown: pd.Index,
    colour_by: str,
    classes: tuple[str, ...],
    outlines: Iterable[Outline] = (),
    height: int = HEIGHT,
) -> go.Figure:
    """Points of ``table`` at (x, y): rows in ``shown`` coloured, the others a faint ground.

    ``colour_by`` is a key of ``COLOURS``; ``customdata`` holds the row of each coloured point.
    """
    figure = build_frame(height, dragmode="lasso")
    is_shown = table.index.isin(shown)
    _add_ground(figure, table[~is_shown])
    part = table[is_shown]
    marks = mark_values(colour_by, classes)
    for name, mark in marks.items():
        _add_class(figure, part[part[colour_by] == name], name, mark)
    _add_ground(figure, part[~part[colour_by].isin(marks)])
    add_outlines(figure, outlines)
    _hide_axes(figure)
    figure.update_layout(showlegend=False)  # a legend of 27 would leave a phone no map
    return figure


def add_position(figure: go.Figure, position: np.ndarray, label: str) -> go.Figure:
    """Marks where one more picture would lie; ``position`` is (2,)."""
    figure.add_scatter(
        x=[float(position[0])],
        y=[float(position[1])],
        mode="markers",
        name=label,
        hovertemplate=f"{label}<extra></extra>",
        marker={
            "symbol": "star",
            "size": 20,
            "color": ACCENT,
            "line": {"color": "#ffffff", "width": 1.5},
        },
    )
    return figure


def mark_values(colour_by: str, classes: tuple[str, ...]) -> dict[str, Mark]:
    """The mark of each value of the column ``colour_by``; ``classes`` are the styles."""
    if colour_by == "quadrant":
        return {name: Mark(colour, "circle") for name, colour in QUADRANT_COLOURS.items()}
    return mark_classes(classes)


def _add_class(figure: go.Figure, part: pd.DataFrame, name: str, mark: Mark) -> None:
    if part.empty:
        return
    figure.add_scattergl(
        x=part["x"],
        y=part["y"],
        mode="markers",
        name=name,
        customdata=part.index,
        text=build_hover(part),
        hovertemplate="%{text}<extra></extra>",
        marker={"color": mark.colour, "symbol": mark.symbol, "size": 6, "opacity": 0.8},
    )


def _add_ground(figure: go.Figure, part: pd.DataFrame) -> None:
    if not part.empty:
        figure.add_scattergl(
            x=part["x"],
            y=part["y"],
            mode="markers",
            name="Other paintings",
            showlegend=False,
            hoverinfo="skip",
            marker={"color": FAINT, "size": 4},
        )


def _hide_axes(figure: go.Figure) -> None:
    plain = {"visible": False, "showgrid": False}
    figure.update_xaxes(**plain)
    figure.update_yaxes(**plain, scaleanchor="x")
