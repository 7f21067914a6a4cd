"""Style map: the whole collection, similar pictures near each other."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import filter_bar, selection
from dashboard.components.bulk_verdict import render_bulk_verdict
from dashboard.components.gallery import render_gallery, render_no_paintings
from dashboard.components.legend import render_legend
from dashboard.components.page import render_head
from dashboard.data import OpenRun
from dashboard.figures.style_map import COLOURS, build_style_map, mark_values
from dashboard.filters import apply_filters, count_without, place_quadrants
from dashboard.words import class_name, count, quadrant_name, term_html

LEAD = (
    f"Every painting of the collection, placed by what the model sees in it (its "
    f"{term_html('embedding', 'embedding')}). Neighbours look alike to the model; distances "
    "across the map and its directions mean nothing. Draw around a group to see its pictures."
)


def render(opened: OpenRun) -> None:
    """The page."""
    render_head("Style map", "What lies near what", LEAD)
    table = place_quadrants(opened.table, *filter_bar.lines(opened.run.manifest.thresholds))
    filters = filter_bar.render_filter_bar(table, st.sidebar)
    shown = apply_filters(table, filters)
    if shown.empty:
        render_no_paintings(count_without(table, filters), filter_bar.LABELS)
        return
    colour = _render_colour()
    classes = opened.run.classes("style")
    name = quadrant_name if colour == "quadrant" else class_name
    render_legend(shown[colour], mark_values(colour, classes), name)
    figure = build_style_map(table, shown.index, colour, classes, selection.outlines_of("region"))
    selection.render_selectable(figure, "region", table, "Map of the collection by similarity")
    selection.render_clear("region")
    selected = selection.take_selected(
        shown, "region", shown["x"].to_numpy(), shown["y"].to_numpy()
    )
    if selected.empty:
        st.info("No painting lies inside the outline. Clear it, or draw a larger one.")
        return
    title = count(len(selected), "painting")
    if state.current().region:
        title += " in the selection"
    render_bulk_verdict(opened, selected)
    render_gallery(selected, opened.run.run_id, title)


def _render_colour() -> str:
    asked = state.current().colour
    colour = st.segmented_control(
        "Colour by",
        list(COLOURS),
        format_func=COLOURS.__getitem__,
        required=True,
        key=state.seed("colour", asked if asked in COLOURS else "given"),
    )
    chosen = str(colour or "given")
    state.update(colour=chosen)
    return chosen
