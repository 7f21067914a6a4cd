"""The same points in a bare Streamlit page, by Plotly's scattergl: what ``page_latency`` compares.

    streamlit run bench/peers/plotly_page.py -- points.parquet

``points.parquet`` has x, y and style. ``?bare`` is a page with a button and nothing else:
Streamlit's own floor.
"""

from __future__ import annotations

import sys

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

FAINT = 0.06


@st.cache_data(show_spinner=False)
def load(path: str) -> pd.DataFrame:
    return pd.read_parquet(path)


def draw(table: pd.DataFrame, chosen: list[str]) -> go.Figure:
    """A trace a style; styles that are not chosen stay faintly visible."""
    figure = go.Figure()
    for style, points in table.groupby("style", sort=True):
        is_shown = not chosen or style in chosen
        marker = {"size": 3, "opacity": 0.8 if is_shown else FAINT}
        figure.add_scattergl(
            x=points["x"], y=points["y"], mode="markers", name=str(style), marker=marker
        )
    return figure.update_layout(height=680, dragmode="lasso", uirevision="kept")


def main() -> None:
    st.set_page_config(layout="wide")
    if "bare" in st.query_params:
        st.session_state["clicks"] = st.session_state.get("clicks", 0) + st.button("Click")
        st.header(f"{st.session_state['clicks']} clicks")
        return
    table = load(sys.argv[1])
    chosen = st.multiselect("Style", sorted(table["style"].unique()))
    event = st.plotly_chart(
        draw(table, chosen), on_select="rerun", selection_mode=["lasso"], key="map"
    )
    rows = len(event["selection"]["points"])
    shown = table[table["style"].isin(chosen)] if chosen else table
    st.header(f"{len(shown)} shown, {rows} selected")


main()
