"""Outliers: which labels the model doubts, and how sure it is of something else."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import filter_bar, selection
from dashboard.components.bulk_verdict import render_bulk_verdict
from dashboard.components.gallery import render_gallery, render_no_paintings
from dashboard.components.legend import render_legend
from dashboard.components.page import render_head
from dashboard.components.sheet_download import render_sheet_download
from dashboard.data import OpenRun
from dashboard.figures.quadrants import build_quadrants, display_loss
from dashboard.figures.style_map import mark_values
from dashboard.filters import apply_filters, count_without, order_paintings
from dashboard.words import count, quadrant_name, term_html

LEAD = (
    f"Each point is a painting. Higher up, the model doubts its style label more "
    f"({term_html('loss', 'loss')}); further right, it is surer of its own answer "
    f"({term_html('confidence', 'confidence')}). Top right are the paintings to look at first. "
    f"No painting can lie in the shaded part, below the {term_html('frontier', 'frontier')}. "
    "Draw around points to see their pictures, or click one."
)


def render(opened: OpenRun) -> None:
    """The page."""
    render_head("Outliers", "Paintings that do not fit their label", LEAD)
    defaults = opened.run.manifest.thresholds
    # The filters stand above the lines, but what they offer depends on them.
    above, below = st.sidebar.container(), st.sidebar.container()
    table = filter_bar.render_lines(opened.table, defaults, below)
    filters = filter_bar.render_filter_bar(table, above)
    shown = apply_filters(table, filters)
    if shown.empty:
        render_no_paintings(count_without(table, filters), filter_bar.LABELS)
        return
    loss_line, confidence_line = filter_bar.lines(defaults)
    render_legend(shown["quadrant"], mark_values("quadrant", ()), quadrant_name)
    figure = build_quadrants(shown, loss_line, confidence_line, selection.outlines_of("area"))
    selection.render_selectable(figure, "area", shown, "Loss against confidence by quadrant")
    selection.render_clear("area")
    loss, _ = display_loss(shown, loss_line)
    selected = selection.take_selected(shown, "area", shown["confidence"].to_numpy(float), loss)
    if selected.empty:
        st.info("No painting lies inside the outline. Clear it, or draw a larger one.")
        return
    render_bulk_verdict(opened, selected)
    title = _gallery_title(len(selected))
    render_gallery(selected, opened.run.run_id, title)
    order = order_paintings(selected, state.current().order)
    heading = f"{opened.run.manifest.collection.name}: {title}"
    render_sheet_download(opened.run, selected.index[order].tolist(), heading)


def _gallery_title(paintings: int) -> str:
    title = count(paintings, "painting")
    return f"{title} in the selection" if state.current().area else title
