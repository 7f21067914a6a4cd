"""What is drawn on a chart: outlines in chart coordinates, resolved to paintings on the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import state
from dashboard.filters import Outline, format_outlines, inside, parse_outlines

Field = Literal["area", "region"]
_CONFIG: Final = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["toImage", "autoScale2d", "zoomIn2d", "zoomOut2d"],
}


def read_outlines(selection: Mapping[str, Any]) -> tuple[Outline, ...]:
    """Outlines of a Plotly selection: lassos as they are, boxes as their four corners."""
    outlines = [tuple(zip(drawn["x"], drawn["y"], strict=True)) for drawn in selection["lasso"]]
    for drawn in selection["box"]:
        (left, right), (low, high) = drawn["x"], drawn["y"]
        outlines.append(((left, low), (right, low), (right, high), (left, high)))
    return tuple(outlines)


def render_selectable(figure: go.Figure, field: Field, table: pd.DataFrame, alt: str) -> None:
    """The chart; what is drawn on it goes to ``state.<field>``, a clicked point is opened."""
    key = f"chart.{field}"

    def take() -> None:
        selection = st.session_state[key].selection
        outlines = read_outlines(selection)
        if outlines:
            state.update(**{field: format_outlines(outlines)})
        elif selection["points"] and "customdata" in selection["points"][0]:
            state.update(painting=str(table.loc[_row(selection["points"][0]), "key"]))

    st.plotly_chart(
        figure,
        key=key,
        on_select=take,
        selection_mode=("points", "box", "lasso"),
        config=_CONFIG,
        alt=alt,
    )


def outlines_of(field: Field) -> tuple[Outline, ...]:
    return parse_outlines(getattr(state.current(), field))


def take_selected(table: pd.DataFrame, field: Field, x: Any, y: Any) -> pd.DataFrame:
    """Rows of ``table`` inside the outlines, all of them where nothing is drawn."""
    outlines = outlines_of(field)
    return table[inside(outlines, x, y)] if outlines else table


def render_clear(field: Field) -> None:
    """A button that takes the outlines away, where there are any."""
    if getattr(state.current(), field):
        st.button("Clear selection", on_click=state.reset, args=(field,), key=f"clear.{field}")


def _row(point: Mapping[str, Any]) -> int:
    data = point["customdata"]
    return int(data[0] if isinstance(data, list | tuple) else data)
