"""The plain frame of every figure; Streamlit's theme adds fonts and text colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import plotly.graph_objects as go

from dashboard.figures.palette import GRID

LEGEND_ABOVE: Final = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}


def build_frame(
    height: int,
    x: Mapping[str, Any] | None = None,
    y: Mapping[str, Any] | None = None,
    **layout: Any,
) -> go.Figure:
    """An empty figure of ``height`` pixels without background, title or tool clutter.

    ``x``, ``y``: what its axes have besides; ``layout``: what it has itself. Given at once, because
    Plotly checks a whole figure at each update.
    """
    axis = {"gridcolor": GRID, "zeroline": False, "automargin": True}
    frame = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"align": "left"},
        "dragmode": False,
        "xaxis": {**axis, **(x or {})},
        "yaxis": {**axis, **(y or {})},
    }
    return go.Figure(layout={**frame, **layout})
