"""The margin of a painting's label while the folds' models learned from it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.frame import build_frame
from dashboard.figures.palette import ACCENT, NEUTRAL

HEIGHT = 240


def build_dynamics(margins: np.ndarray) -> go.Figure:
    """``margins`` (E,): logit of the given label less the best other, an epoch each."""
    figure = build_frame(
        HEIGHT,
        x={"title": "Epoch", "dtick": max(1, len(margins) // 12)},
        y={"title": "Margin of the label"},
        showlegend=False,
    )
    figure.add_scatter(
        x=np.arange(1, len(margins) + 1),
        y=margins,
        mode="lines+markers",
        line={"color": ACCENT, "width": 2},
        hovertemplate="Epoch %{x}: %{y:+.2f}<extra></extra>",
        name="Margin",
    )
    figure.add_hline(y=0, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    return figure
