"""Style map: the whole collection, similar pictures near each other."""

from __future__ import annotations

import streamlit as st

from dashboard.components import filter_bar, selection
from dashboard.components.gallery import render_no_paintings
from dashboard.components.page import render_head
from dashboard.components.selected_list import render_selected
from dashboard.point_cloud.cloud import Scene, render_point_cloud, ring_open
from dashboard.point_cloud.packing import mask_of
from dashboard.runs.cache import OpenRun
from dashboard.selection.filters import count_without, find_rows, list_lacking
from dashboard.session import reviewing, state
from dashboard.views.style_map.map_search import render_map_search
from dashboard.words import count, lacks_score, term_html

LEAD = (
    f"Every painting of the collection, placed by what the model sees in it (its "
    f"{term_html('embedding', 'embedding')}). Neighbours look alike to the model; distances "
    "across the map and its directions mean nothing. Draw around a group to see its pictures."
)


def render(opened: OpenRun) -> None:
    """The page."""
    render_head("Style map", "What lies near what", LEAD)
    reviewing.render_said()
    lines = filter_bar.lines(opened.run.manifest.thresholds)
    table = opened.place_quadrants(lines)
    filters = filter_bar.render_filter_bar(opened, table, st.sidebar)
    shown = find_rows(table, filters)
    if not len(shown):
        render_no_paintings(count_without(table, filters), filter_bar.LABELS)
        return
    for label in list_lacking(table, colour=state.current().colour):
        st.caption(lacks_score(label))
    colour = _render_colour(opened.colours)
    found = render_map_search(opened)
    cloud = Scene(
        layout="map",
        colour=colour,
        lines=lines,
        alt=f"Map of {count(len(table), 'painting')} by similarity",
        shown=mask_of(shown, len(table)),
        rings=(*ring_open(opened, "map"), *found.rings),
        focus=found.focus,
        height=680,
    )
    render_point_cloud(opened, cloud, key="cloud.map")
    selection.render_clear("map")
    selected = selection.take_selected(table, shown, "map", colour, opened.ceiling)
    if not len(selected):
        selection.render_nothing_selected()
        return
    render_selected(opened, table, selected, "map")


def _render_colour(colours: dict[str, str]) -> str:
    asked = state.current().colour
    colour = st.segmented_control(
        "Colour by",
        list(colours),
        format_func=colours.__getitem__,
        required=True,
        key=state.seed("colour", asked if asked in colours else "given"),
    )
    chosen = str(colour or "given")
    if chosen != asked:
        state.change(hidden=())
    state.update(colour=chosen)
    return chosen
