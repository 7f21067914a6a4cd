"""The plain frame of every figure; Streamlit's theme adds fonts and text colour."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go

from dashboard.figures.palette import GRID

LEGEND_ABOVE: Final = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}


def build_frame(height: int, **layout: Any) -> go.Figure:
    """An empty figure of ``height`` pixels without background, title or tool clutter."""
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"align": "left"},
        **{"dragmode": False, **layout},
    )
    figure.update_xaxes(gridcolor=GRID, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=GRID, zeroline=False, automargin=True)
    return figure
