"""Style map: the whole collection, similar pictures near each other."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.components import filter_bar
from dashboard.components.page import lay_beside, render_head
from dashboard.components.point_cloud import Scene, render_point_cloud, ring_open, ring_ticked
from dashboard.components.selected_list import render_selected
from dashboard.point_cloud.packing import mask_of
from dashboard.runs.open_run import OpenRun
from dashboard.selection.filters import list_lacking
from dashboard.selection.select import colour_of, select
from dashboard.session import messages, state
from dashboard.views.style_map.map_search import render_map_search
from dashboard.words import count, lacks_score, term_html

LEAD = (
    f"Every painting of the collection, placed by what the model sees in it (its "
    f"{term_html('embedding', 'embedding')}). Nearby paintings look alike to the model; "
)
LEAD_BY = (
    "Every painting of the collection, placed by what <b>{name}</b> sees in it: another network, "
    "as it was pretrained, which has learned no label of this collection{anew}. Nearby paintings "
    "look alike to it; "
)
ANEW = " (new works of an update lie among those that the published model finds similar)"
HOW = "directions and long distances mean nothing. Draw around a group to see its pictures."


def render(opened: OpenRun) -> None:
    """The page."""
    render_head(
        f"{opened.word.capital} map", "Similar paintings lie together", _write_lead(opened) + HOW
    )
    messages.render_said()
    filter_bar.drop_unknown(opened.table, opened.word)
    for label in list_lacking(opened.table, colour=state.current().colour):
        st.caption(lacks_score(label))
    above = st.empty()
    with above.container(horizontal=True, vertical_alignment="bottom"):
        _render_colour(opened)
        search = render_map_search(opened)
    found = select(opened, state.current(), "map")
    if not len(found.shown):
        above.empty()
        filter_bar.render_filter_bar(opened, st.sidebar)
        filter_bar.render_nothing_shown(opened)
        return
    cloud = Scene(
        layout="map",
        colour=found.colour,
        thresholds=found.thresholds,
        alt=f"Map of {count(len(found.table), 'painting')} by similarity",
        shown=mask_of(found.shown, len(found.table)),
        rings=(*ring_open(opened, "map"), *ring_ticked(opened, "map"), *search.rings),
        focus=search.focus,
        height=680,
    )
    left, right = lay_beside()
    with left:
        render_point_cloud(opened, cloud, key="cloud.map")
    filter_bar.render_filter_bar(opened, st.sidebar)  # counted while the browser draws the cloud
    with right:
        render_selected(opened, found, "map")


def _write_lead(opened: OpenRun) -> str:
    manifest = opened.run.manifest
    if manifest.laid_out_by is None:
        return LEAD
    anew = "" if manifest.since is None else ANEW
    return LEAD_BY.format(name=escape(manifest.laid_out_by), anew=anew)


def _render_colour(opened: OpenRun) -> None:
    now = state.current()
    colour = st.selectbox(
        "Colour by",
        list(opened.colours),
        format_func=opened.colours.__getitem__,
        key=state.seed("colour", colour_of(opened, now, "map")),
        width=220,
    )
    if colour != now.colour:
        state.change(hidden=())
    state.update(colour=colour)
