"""The paintings of a selection: actions on all of them, and their pictures."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.components.apart import apart, draw_whole
from dashboard.components.bulk_verdict import render_bulk_verdict
from dashboard.components.downloads import render_downloads
from dashboard.components.gallery import render_gallery
from dashboard.components.save_set import render_save_set
from dashboard.components.set_change import render_set_change
from dashboard.runs.open_run import OpenRun
from dashboard.selection.filters import describe_filters
from dashboard.selection.layout import Layout
from dashboard.selection.select import OUTLINES, Selection
from dashboard.selection.ticks import parse_ticks
from dashboard.session import named_sets, state
from dashboard.words import count


def render_selected(opened: OpenRun, found: Selection, layout: Layout) -> None:
    """What was ``found`` on ``layout``, beside or below its cloud.

    Where paintings are ticked, what can be done with all is done with those; verdicts are given on
    those of them that are in the list alone.
    """
    if found.is_outlined:
        field = OUTLINES[layout]
        st.button("Clear selection", on_click=state.reset, args=(field,), key=f"clear.{field}")
    if not len(found.rows):
        st.info(
            "No painting lies inside the outline, or the legend hides its class. "
            "Clear the outline, draw a larger one, or show the class again."
        )
        return
    ticked = np.array(parse_ticks(state.current().ticked, len(found.table)), dtype=int)
    chosen = ticked if len(ticked) else found.rows
    title = count(len(found.rows), "painting")
    if found.is_outlined:
        title += " in the selection"
    _render_actions(opened, found, chosen, title, is_ticked=len(ticked) > 0)
    render_gallery(opened, found.table, found.rows, title)


@apart
def _render_actions(
    opened: OpenRun, found: Selection, chosen: np.ndarray, title: str, *, is_ticked: bool
) -> None:
    """What can be done with the rows ``chosen``, which are ``title``."""
    judged = chosen[np.isin(chosen, found.rows)] if is_ticked else chosen
    with st.container(horizontal=True):
        if is_ticked:
            hidden = len(chosen) - len(judged)
            rest = f", {hidden:,} of them not in this list" if hidden else ""
            title = f"{len(chosen):,} ticked"
            st.html(f"<b>{title}</b>{rest}", width="content")
            st.button("Clear ticks", on_click=_clear_ticks, type="tertiary")
        render_bulk_verdict(opened, judged)
        render_save_set(opened, chosen)
        render_set_change(opened, chosen)
        heading = f"{opened.run.manifest.collection.name}: {title}"
        filters = "" if is_ticked else _describe(opened, found)
        render_downloads(
            opened, chosen, heading, "selected", thresholds=found.thresholds, filters=filters
        )


def _clear_ticks() -> None:
    state.reset("ticked")
    draw_whole()


def _describe(opened: OpenRun, found: Selection) -> str:
    filters = state.current().filters
    return describe_filters(found.table, filters, named_sets.read_names(), opened.word)
