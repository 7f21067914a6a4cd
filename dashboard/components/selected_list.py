"""The paintings of a selection: actions on all of them, and their pictures."""

from __future__ import annotations

import streamlit as st

from dashboard.components.bulk_verdict import render_bulk_verdict
from dashboard.components.downloads import render_downloads
from dashboard.components.gallery import render_gallery
from dashboard.components.save_set import render_save_set
from dashboard.runs.open_run import OpenRun
from dashboard.selection.filters import describe_filters
from dashboard.selection.layout import Layout
from dashboard.selection.select import OUTLINES, Selection
from dashboard.session import named_sets, state
from dashboard.words import count


def render_selected(opened: OpenRun, found: Selection, layout: Layout) -> None:
    """What was ``found`` on ``layout``, below its cloud."""
    if found.is_outlined:
        field = OUTLINES[layout]
        st.button("Clear selection", on_click=state.reset, args=(field,), key=f"clear.{field}")
    if not len(found.rows):
        st.info(
            "No painting lies inside the outline, or the legend hides its class. "
            "Clear the outline, draw a larger one, or show the class again."
        )
        return
    title = count(len(found.rows), "painting")
    if found.is_outlined:
        title += " in the selection"
    above = st.container(horizontal=True)
    render_gallery(opened, found.table, found.rows, title)
    with above:
        render_bulk_verdict(opened, found.rows)
        render_save_set(opened, found.rows)
        heading = f"{opened.run.manifest.collection.name}: {title}"
        render_downloads(
            opened,
            found.rows,
            heading,
            "selected",
            thresholds=found.thresholds,
            filters=describe_filters(
                found.table, state.current().filters, named_sets.read_names(), opened.word
            ),
        )
