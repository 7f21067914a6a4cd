"""The paintings of a selection: what can be done with all of them at once, and their pictures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components import filter_bar, selection
from dashboard.components.bulk_verdict import render_bulk_verdict
from dashboard.components.downloads import render_downloads
from dashboard.components.gallery import render_gallery
from dashboard.components.save_set import render_save_set
from dashboard.data import OpenRun
from dashboard.points import Layout
from dashboard.words import count


def render_selected(opened: OpenRun, selected: pd.DataFrame, layout: Layout) -> None:
    """``selected``, which the filters keep and the outlines on ``layout`` hold."""
    title = count(len(selected), "painting")
    if selection.is_selecting(layout):
        title += " in the selection"
    above = st.container(horizontal=True)  # in the order that the gallery is asked for below
    rows = render_gallery(selected, opened.run.run_id, title)
    manifest = opened.run.manifest
    with above:
        render_bulk_verdict(opened, selected)
        render_save_set(opened, rows)
        lines = filter_bar.lines(manifest.thresholds)
        render_downloads(opened, rows, f"{manifest.collection.name}: {title}", lines=lines)
