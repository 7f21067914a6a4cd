"""How the answer changes as the picture is read from left to right."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.frame import LEGEND_ABOVE, build_frame
from dashboard.figures.palette import ACCENT, assign_glyphs
from dashboard.words import class_name

HEIGHT = 260
SHOWN = 4


def build_reading(reading: np.ndarray, classes: tuple[str, ...], chosen: int) -> go.Figure:
    """Lines of probability over the share of the picture that was read, 0 to 1.

    ``reading`` (W + 1, K); the class ``chosen`` is drawn strong, the likeliest others beside it.
    """
    figure = build_frame(
        HEIGHT,
        x={"title": "Read from the left edge", "tickformat": ".0%", "range": [-0.02, 1.02]},
        y={"tickformat": ".0%", "rangemode": "tozero"},
        legend=LEGEND_ABOVE | {"traceorder": "reversed"},
    )
    glyphs = assign_glyphs(classes)
    likeliest = np.argsort(-reading[-1], kind="stable")[:SHOWN].tolist()
    shown = [chosen, *(place for place in likeliest if place != chosen)][:SHOWN]
    share = np.linspace(0, 1, len(reading))
    for place in reversed(shown):
        is_chosen = place == chosen
        colour = ACCENT if is_chosen else glyphs[classes[place]].colour
        figure.add_scatter(
            x=share,
            y=reading[:, place],
            mode="lines+markers",
            name=class_name(classes[place]),
            line={"color": colour, "width": 3 if is_chosen else 1.5},
            marker={"size": 6 if is_chosen else 4},
            hovertemplate="%{x:.0%} read: %{y:.0%}<extra>%{fullData.name}</extra>",
        )
    return figure
