"""Outliers: which labels the model doubts, and how sure it is of something else."""

from __future__ import annotations

import streamlit as st

from dashboard.components import filter_bar
from dashboard.components.page import render_head
from dashboard.components.point_cloud import Scene, render_point_cloud, ring_open
from dashboard.components.selected_list import render_selected
from dashboard.point_cloud.packing import mask_of
from dashboard.runs.open_run import OpenRun
from dashboard.selection.select import select
from dashboard.session import reviewing, state
from dashboard.words import count, term_html

LEAD = (
    f"Each point is a painting. Higher up, the model doubts its style label more "
    f"({term_html('loss', 'loss')}); further right, it is surer of its own answer "
    f"({term_html('confidence', 'confidence')}). Top right are the paintings to look at first. "
    f"No painting can lie in the shaded part, below the {term_html('frontier', 'frontier')}. "
    "Drag the lines to move the quadrants, draw around points to see their pictures, or click one."
)


def render(opened: OpenRun) -> None:
    """The page."""
    render_head("Outliers", "Paintings that do not fit their label", LEAD)
    reviewing.render_said()
    # The filters stand above the lines, but what they offer depends on them.
    above, below = st.sidebar.container(), st.sidebar.container()
    filter_bar.render_lines(opened, below)
    filter_bar.render_filter_bar(opened, above)
    found = select(opened, state.current(), "quadrants")
    if not len(found.shown):
        filter_bar.render_nothing_shown(found.table)
        return
    cloud = Scene(
        layout="quadrants",
        colour=found.colour,
        lines=found.lines,
        alt=f"Loss against confidence of {count(len(found.table), 'painting')}",
        shown=mask_of(found.shown, len(found.table)),
        rings=ring_open(opened, "quadrants"),
        height=520,
    )
    render_point_cloud(opened, cloud, key="cloud.quadrants")
    render_selected(opened, found, "quadrants")
