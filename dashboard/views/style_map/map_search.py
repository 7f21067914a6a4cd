"""Search on the style map: hits are ringed, and the map flies from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import streamlit as st

from dashboard.components.point_cloud import Ring, ring_painting, ring_paintings
from dashboard.runs.open_run import OpenRun
from dashboard.selection.facets import FACETS
from dashboard.selection.order import DEFAULT_ORDER, keep_order
from dashboard.session import state
from dashboard.words import painting_byline, painting_title

MOST: Final = 300  # rings
_SEARCH: Final = FACETS["text"]


@dataclass(frozen=True)
class Found:
    """Rings around the hits, and the row that the map flies to."""

    rings: tuple[Ring, ...] = ()
    focus: int | None = None


def render_map_search(opened: OpenRun) -> Found:
    """The search box, the current hit, and buttons to the previous and next one."""
    _drop_unknown(opened)
    st.text_input(
        "Find on the map",
        type="search",
        placeholder="As in the search above",
        icon=":material/travel_explore:",
        key=state.seed("find", state.current().find),
        on_change=state.taker("find", _take_words),
        width=280,
    )
    rows = find_rows(opened)
    if not len(rows):
        if state.current().find:
            st.html('<p class="ae-note">Nothing here fits this search.</p>', width="content")
        return Found()
    place = _find_place(opened, rows)
    _render_steps(opened, rows, place)
    others = np.delete(rows[:MOST], place) if place < MOST else rows[:MOST]
    rings = ring_paintings(opened, others, "map", "found")
    focus = int(rows[place])
    return Found((*rings, *ring_painting(opened, focus, "map")), focus)


def _drop_unknown(opened: OpenRun) -> None:
    """Takes the focus off a painting that the run does not have, and says so."""
    key = state.current().focus
    if key and opened.find_row(key) < 0:
        st.toast("The painting in this link is not in this run.")
        state.update(focus="")


def find_rows(opened: OpenRun) -> np.ndarray:
    """(n,) rows that the address searches for, the most suspicious first, or its one painting."""
    now, table = state.current(), opened.table
    if not now.find:
        row = opened.find_row(now.focus)
        return np.array([row] if row >= 0 else [], dtype=int)
    rows = np.flatnonzero(_SEARCH.keep(table, (now.find,)))
    return keep_order(opened.order(DEFAULT_ORDER), rows)


def _find_place(opened: OpenRun, rows: np.ndarray) -> int:
    """Place among ``rows`` of the painting in focus; the first one if none is."""
    keys = opened.table["key"].iloc[rows].to_numpy()
    places = np.flatnonzero(keys == state.current().focus)
    place = int(places[0]) if len(places) else 0
    state.update(focus=str(keys[place]))
    return place


def _render_steps(opened: OpenRun, rows: np.ndarray, place: int) -> None:
    painting = opened.table.loc[rows[place]].to_dict()
    number = f"{place + 1:,} of {len(rows):,}: " if len(rows) > 1 else ""
    ringed = f" Only the first {MOST} are ringed." if len(rows) > MOST else ""
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        if len(rows) > 1:
            _render_step(opened, "Previous", "chevron_left", rows, place - 1)
            _render_step(opened, "Next", "chevron_right", rows, place + 1)
        st.html(
            f'<p class="ae-note">{number}<b>{escape(painting_title(painting))}</b>, '
            f"{escape(painting_byline(painting))}.{ringed}</p>"
        )


def _render_step(opened: OpenRun, label: str, icon: str, rows: np.ndarray, place: int) -> None:
    key = str(opened.table["key"].iloc[rows[place % len(rows)]])
    st.button(
        label,
        key=f"find.{label.lower()}",
        icon=f":material/{icon}:",
        on_click=state.change,
        kwargs={"focus": key},
    )


def _take_words(words: str) -> None:
    state.update(find=words.strip(), focus="")
