"""What is switched off in a cloud's legend and drawn around on it, resolved to paintings here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.components.point_cloud import FIELDS
from dashboard.point_cloud.packing import Layout, drop_hidden, place_points
from dashboard.selection.filters import inside, parse_outlines
from dashboard.session import state


def take_selected(
    table: pd.DataFrame, rows: np.ndarray, layout: Layout, colour: str, ceiling: float
) -> np.ndarray:
    """Those of ``rows`` whose class is not switched off, inside the outlines if there are any."""
    now = state.current()
    visible = drop_hidden(table, rows, colour, now.hidden)
    outlines = parse_outlines(getattr(now, FIELDS[layout]))
    if not outlines:
        return visible
    x, y = place_points(table, layout, ceiling)[visible].T
    kept: np.ndarray = visible[inside(outlines, x, y)]
    return kept


def is_selecting(layout: Layout) -> bool:
    """Whether an outline is drawn on ``layout``."""
    return bool(getattr(state.current(), FIELDS[layout]))


def render_clear(layout: Layout) -> None:
    """A button that takes the outlines away, where there are any."""
    field = FIELDS[layout]
    if is_selecting(layout):
        st.button("Clear selection", on_click=state.reset, args=(field,), key=f"clear.{field}")


def render_nothing_selected() -> None:
    """What stands in place of an empty gallery below a cloud."""
    st.info(
        "No painting lies inside the outline, or its class is switched off in the legend. "
        "Clear the outline, draw a larger one, or switch the class on."
    )
