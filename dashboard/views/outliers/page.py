"""Outliers: which labels the model doubts, and how sure it is of another style."""

from __future__ import annotations

import streamlit as st

from dashboard.components import filter_bar
from dashboard.components.page import lay_beside, render_head
from dashboard.components.point_cloud import Scene, render_point_cloud, ring_open, ring_ticked
from dashboard.components.selected_list import render_selected
from dashboard.point_cloud.packing import mask_of
from dashboard.runs.open_run import OpenRun
from dashboard.selection.select import select
from dashboard.session import messages, state
from dashboard.words import count, term_html

FRONTIER = f"No painting can lie in the shaded area, below the {term_html('frontier', 'frontier')}."
SEVERAL = (  # the loss is that of any label, the confidence that of one answer
    "Only works of several {styles} lie in the shaded area, below the "
    f"{term_html('frontier', 'frontier')}: together these fit better than any one answer."
)
LEAD = (  # for ``LabelWord.fill``
    f"Each point is a painting. The higher it lies, the worse its {{style}} label fits "
    f"({term_html('loss', 'loss')}); the further right, the surer the model is of its own answer "
    f"({term_html('confidence', 'confidence')}). Start at the top right. "
    "{frontier} Drag a threshold to move the quadrants. Draw around points to see their pictures, "
    "or click one to open it."
)


def _write_lead(opened: OpenRun) -> str:
    return LEAD.replace("{frontier}", SEVERAL if opened.has_several_labels else FRONTIER)


def render(opened: OpenRun) -> None:
    """The page."""
    render_head(
        "Outliers", "Paintings that do not fit their label", opened.word.fill(_write_lead(opened))
    )
    messages.render_said()
    # The filters stand above the thresholds but depend on them.
    above, below = st.sidebar.container(), st.sidebar.container()
    filter_bar.render_thresholds(opened, below)
    filter_bar.drop_unknown(opened.table, opened.word)
    found = select(opened, state.current(), "quadrants")
    if not len(found.shown):
        filter_bar.render_filter_bar(opened, above)
        filter_bar.render_nothing_shown(opened)
        return
    cloud = Scene(
        layout="quadrants",
        colour=found.colour,
        thresholds=found.thresholds,
        alt=f"Loss against confidence of {count(len(found.table), 'painting')}",
        shown=mask_of(found.shown, len(found.table)),
        rings=(*ring_open(opened, "quadrants"), *ring_ticked(opened, "quadrants")),
        height=520,
    )
    left, right = lay_beside()
    with left:
        render_point_cloud(opened, cloud, key="cloud.quadrants")
    filter_bar.render_filter_bar(opened, above)  # counted while the browser draws the cloud
    with right:
        render_selected(opened, found, "quadrants")
