"""The sets of paintings: put into one that there is, with a note, or taken out of it."""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np
import streamlit as st

from core.reviews import NamedSet
from core.reviews.entry import MAX_NOTE
from dashboard.components.apart import apart, draw_whole
from dashboard.components.links import open_link
from dashboard.components.save_set import render_save_set
from dashboard.components.signature import render_signature, take_signature
from dashboard.runs.open_run import OpenRun
from dashboard.selection.facets import SET
from dashboard.session import messages, named_sets, state
from dashboard.words import count

_FORM: Final = "change-set"
_SET: Final = "change-set.set"
_NOTE: Final = "change-set.note"
_REVIEWER: Final = "change-set.reviewer"


def render_set_change(opened: OpenRun, rows: np.ndarray) -> None:
    """A menu for the paintings ``rows``; nothing where there is no set, or none can be changed.

    It is drawn in a part of its own (``components.apart``).
    """
    sets = {each.id: each for each in named_sets.list_sets()}
    if not sets or not named_sets.can_save(opened):
        return
    menu = st.popover(
        "Add to a set", icon=":material/playlist_add:", key=f"{_FORM}.menu", on_change="rerun"
    )
    if not menu.open:
        return
    what = count(len(rows), "painting")
    with menu, st.form(_FORM, border=False):
        st.selectbox("Set", list(sets), format_func=lambda each: sets[each].name, key=_SET)
        st.text_input("Note", key=_NOTE, max_chars=MAX_NOTE, placeholder="Why, if you like")
        render_signature(_REVIEWER)
        messages.render_trouble(_FORM)
        with st.container(horizontal=True):
            for label, is_in in ((f"Add {what}", True), (f"Take {what} out", False)):
                st.form_submit_button(
                    label,
                    type="primary" if is_in else "secondary",
                    on_click=_change,
                    args=(opened, rows, is_in),
                )


def render_painting_sets(opened: OpenRun, row: int) -> None:
    """The sets that the painting ``row`` is in, with its notes, and the menus to change them."""
    key = str(opened.table["key"].iloc[row])
    held = named_sets.list_holding(opened, row)
    if held:
        lines = "".join(f"<li>{_tell(each, key)}</li>" for each in held)
        st.html(f'<p class="ae-kicker">In sets</p><ul class="ae-history">{lines}</ul>')
    _render_menus(opened, row)


@apart
def _render_menus(opened: OpenRun, row: int) -> None:
    with st.container(horizontal=True):
        render_set_change(opened, np.array([row]))
        render_save_set(opened, np.array([row]))


def _tell(found: NamedSet, key: str) -> str:
    """HTML of a set's name, which opens it, and its note on the painting ``key``."""
    link = open_link(state.link_alone("outliers", filters={SET: (found.id,)}))
    note = found.note_on(key)
    return f"{link}{escape(found.name)}</a>{': ' + escape(note) if note else ''}"


def _change(opened: OpenRun, rows: np.ndarray, is_in: bool) -> None:
    take_signature(_REVIEWER)
    chosen = str(st.session_state[_SET])
    keys = opened.table["key"].iloc[rows].tolist()
    if is_in:
        done = named_sets.put(chosen, keys, str(st.session_state[_NOTE]))
    else:
        done = named_sets.take_out(chosen, keys)
    if done:
        st.session_state[_NOTE] = ""
    messages.keep_trouble(_FORM)
    draw_whole()
