"""The paintings of a selection: what can be done with all of them at once, and their pictures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.components import filter_bar, selection
from dashboard.components.bulk_verdict import render_bulk_verdict
from dashboard.components.downloads import render_downloads
from dashboard.components.gallery import render_gallery
from dashboard.components.save_set import render_save_set
from dashboard.point_cloud.packing import Layout
from dashboard.runs.cache import OpenRun
from dashboard.words import count


def render_selected(
    opened: OpenRun, table: pd.DataFrame, selected: np.ndarray, layout: Layout
) -> None:
    """The rows ``selected`` of ``table``, which filters keep and the outlines on ``layout`` hold.

    ``table`` is the run's, with the quadrants by the lines in force.
    """
    title = count(len(selected), "painting")
    if selection.is_selecting(layout):
        title += " in the selection"
    above = st.container(horizontal=True)  # in the order that the gallery is asked for below
    rows = render_gallery(opened, table, selected, title)
    manifest = opened.run.manifest
    with above:
        render_bulk_verdict(opened, selected)
        render_save_set(opened, rows)
        lines = filter_bar.lines(manifest.thresholds)
        heading = f"{manifest.collection.name}: {title}"
        render_downloads(opened, rows, heading, "selected", lines=lines)
