"""Loss against confidence, cut into quadrants."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.frame import build_frame
from dashboard.figures.hover import build_hover
from dashboard.figures.palette import ACCENT, LINE, NEUTRAL, QUADRANT_COLOURS, SHADE
from dashboard.filters import Outline
from dashboard.words import quadrant_name

HEIGHT = 480


def display_loss(table: pd.DataFrame, loss_line: float) -> tuple[np.ndarray, float]:
    """(n,) loss as drawn, and the ceiling that the few highest are drawn at."""
    loss = table["loss"].to_numpy(dtype=float, na_value=np.nan)
    known = loss[np.isfinite(loss)]
    top = float(np.quantile(known, 0.999)) if len(known) else 0.0
    ceiling = max(top, 1.25 * loss_line, 1.0)
    return np.minimum(loss, ceiling), ceiling


def build_quadrants(
    table: pd.DataFrame,
    loss_line: float,
    confidence_line: float,
    outlines: Iterable[Outline] = (),
) -> go.Figure:
    """Scatter of ``table`` (columns of ``data.build_table``), one trace a quadrant.

    ``customdata`` holds the row of each point. The shaded floor is where no painting can lie:
    confidence is never below exp(-loss).
    """
    loss, ceiling = display_loss(table, loss_line)
    figure = build_frame(HEIGHT, dragmode="lasso")
    _add_frontier(figure, ceiling)
    for name, colour in QUADRANT_COLOURS.items():
        here = (table["quadrant"] == name).to_numpy() & np.isfinite(loss)
        if here.any():
            part = table[here]
            figure.add_scattergl(
                x=part["confidence"],
                y=loss[here],
                mode="markers",
                name=quadrant_name(name),
                customdata=part.index,
                text=build_hover(part),
                hovertemplate="%{text}<br>Loss %{y:.2f}<extra></extra>",
                marker={"color": colour, "size": 7, "opacity": 0.75},
            )
    _add_lines(figure, loss_line, confidence_line)
    add_outlines(figure, outlines)
    figure.update_xaxes(title="Confidence of the model", range=[0, 1.02], tickformat=".0%")
    figure.update_yaxes(title="Loss of the given label", range=[-0.04 * ceiling, 1.06 * ceiling])
    figure.update_layout(showlegend=False)  # the counts above the chart are its legend
    return figure


def _add_frontier(figure: go.Figure, ceiling: float) -> None:
    loss = np.linspace(0, ceiling * 1.06, 160)
    figure.add_scatter(
        x=np.exp(-loss),
        y=loss,
        mode="lines",
        line={"color": NEUTRAL, "width": 1.5, "dash": "dot"},
        fill="tozerox",
        fillcolor=SHADE,
        name="Frontier",
        showlegend=False,
        hoverinfo="skip",
    )


def _add_lines(figure: go.Figure, loss_line: float, confidence_line: float) -> None:
    figure.add_hline(y=loss_line, line={"color": LINE, "width": 1})
    figure.add_vline(x=confidence_line, line={"color": LINE, "width": 1})


def add_outlines(figure: go.Figure, outlines: Iterable[Outline]) -> None:
    """Draws the selection's outlines."""
    for outline in outlines:
        x, y = zip(*outline, outline[0], strict=True)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": ACCENT, "width": 1.5},
            name="Selection",
            showlegend=False,
            hoverinfo="skip",
        )
