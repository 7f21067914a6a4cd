"""One named set: its first pictures, its contents, and its actions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np
import streamlit as st

from core.reviews import NamedSet
from core.reviews.sets import MAX_SET_NAME, find_missing
from dashboard.components.apart import apart, draw_whole
from dashboard.components.assign import render_assign
from dashboard.components.downloads import render_downloads
from dashboard.components.gallery import build_strip
from dashboard.components.links import open_link
from dashboard.components.signature import render_signature, take_signature
from dashboard.navigation import PAINTING_PAGE
from dashboard.runs.open_run import OpenRun
from dashboard.selection.facets import SET
from dashboard.server.iiif_presentation import collection_url
from dashboard.session import messages, named_sets, state
from dashboard.words import count, day

PICTURES: Final = 5
MOST: Final = 50  # notes


def render_set(opened: OpenRun, found: NamedSet, may_change: bool) -> None:
    """The card of a set; with ``may_change`` it can be renamed and deleted."""
    rows = named_sets.select_rows(opened, found)
    st.html(build_set(opened, found, rows))
    _render_notes(found)
    gone = len(found.keys) - len(rows)
    missing = find_missing(found, opened.table["key"]) if gone else ()
    _render_menus(opened, found, rows, missing, may_change)


@apart
def _render_menus(
    opened: OpenRun, found: NamedSet, rows: np.ndarray, missing: Sequence[str], may_change: bool
) -> None:
    with st.container(horizontal=True, key=f"set-{found.id}"):
        render_downloads(opened, rows, found.name, found.id, missing=missing)
        if may_change:
            render_assign(opened, found)
            _render_rename(found)
            _render_delete(found)


def _render_notes(found: NamedSet) -> None:
    noted = [pair for pair in zip(found.keys, found.notes, strict=False) if pair[1]]
    if not noted:
        return
    with st.expander(count(len(noted), "note")):
        lines = "".join(
            f"<li>{_link_to(key)}{escape(key)}</a>: {escape(note)}</li>"
            for key, note in noted[:MOST]
        )
        rest = f"<li>{len(noted) - MOST:,} more</li>" if len(noted) > MOST else ""
        st.html(f'<ul class="ae-history">{lines}{rest}</ul>')


def _link_to(key: str) -> str:
    return open_link(state.link_alone(PAINTING_PAGE, painting=key, origin="sets"))


def build_set(opened: OpenRun, found: NamedSet, rows: np.ndarray) -> str:
    """HTML of the set's first pictures, its name as a link, size, maker and day."""
    pictures = build_strip(opened, rows[:PICTURES])
    gone = len(found.keys) - len(rows)
    lack = f"; {gone:,} of them are not in this run" if gone else ""
    return (
        f'<article class="ae-case"><div class="strip">{pictures}</div>'
        f'<p class="ae-kicker">{escape(found.reviewer)}, {escape(day(found.time))} UTC</p>'
        f"<h3>{_open('outliers', found)}{escape(found.name)}</a></h3>"
        f"<p>{count(len(found.keys), 'painting')}{lack}. "
        f"{_open('outliers', found)}Show on Outliers</a> · "
        f"{_open('map', found)}Show on the {escape(opened.word.singular)} map</a> · "
        f'<a href="{escape(collection_url(opened.run.run_id, set_id=found.id))}">IIIF collection'
        "</a></p></article>"
    )


def _open(path: str, found: NamedSet) -> str:
    """Opening tag of a link to the set alone."""
    return open_link(state.link_alone(path, filters={SET: (found.id,)}))


def _render_rename(found: NamedSet) -> None:
    key = f"rename-{found.id}"
    menu = st.popover(
        "Rename", icon=":material/edit:", type="tertiary", key=f"{key}.menu", on_change="rerun"
    )
    if not menu.open:
        return
    with menu, st.form(f"{key}.form", border=False):
        st.text_input("New name", found.name, max_chars=MAX_SET_NAME, key=key)
        render_signature(f"{key}.reviewer")
        messages.render_trouble(key)
        st.form_submit_button("Rename", type="primary", on_click=_rename, args=(found, key))


def _rename(found: NamedSet, key: str) -> None:
    take_signature(f"{key}.reviewer")
    named_sets.rename(found, str(st.session_state[key]))
    messages.keep_trouble(key)
    draw_whole()


def _render_delete(found: NamedSet) -> None:
    key = f"delete-{found.id}"
    menu = st.popover(
        "Delete", icon=":material/delete:", type="tertiary", key=f"{key}.menu", on_change="rerun"
    )
    if not menu.open:
        return
    with menu, st.form(f"{key}.form", border=False):
        st.write("The paintings and their verdicts stay as they are.")
        render_signature(f"{key}.reviewer")
        messages.render_trouble(key)
        st.form_submit_button("Delete the set", type="primary", on_click=_delete, args=(found, key))


def _delete(found: NamedSet, key: str) -> None:
    take_signature(f"{key}.reviewer")
    named_sets.delete(found)
    messages.keep_trouble(key)
    draw_whole()
