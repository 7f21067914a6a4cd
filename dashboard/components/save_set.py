"""Saving a selection as a named set."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st

from core.reviews.sets import MAX_SET_NAME
from dashboard.components.apart import draw_whole
from dashboard.components.assign import assign, has_person, render_assign_fields
from dashboard.components.signature import render_signature, take_signature
from dashboard.runs.open_run import OpenRun
from dashboard.session import messages, named_sets
from dashboard.words import count

_DIALOG: Final = "save-set"
_NAME: Final = "save-set.name"
_REVIEWER: Final = "save-set.reviewer"
_EMPTY: Final = {_NAME: "", f"{_DIALOG}.person": "", f"{_DIALOG}.second": False}


def render_save_set(opened: OpenRun, rows: np.ndarray) -> None:
    """A menu that saves the paintings ``rows`` as a set; nothing where sets are unavailable.

    It is drawn in a part of its own (``components.apart``).
    """
    if not named_sets.can_save(opened):
        return
    menu = st.popover(
        "Save as a set", icon=":material/bookmark_add:", key=f"{_DIALOG}.menu", on_change="rerun"
    )
    if not menu.open:
        return
    with menu, st.form(_DIALOG, border=False):
        st.text_input(
            "Name of the set", key=_NAME, max_chars=MAX_SET_NAME, placeholder="Doubtful Cubists"
        )
        render_assign_fields(opened, _DIALOG, is_optional=True)
        render_signature(_REVIEWER)
        messages.render_trouble(_DIALOG)
        st.form_submit_button(
            f"Save {count(len(rows), 'painting')}",
            type="primary",
            on_click=_save,
            args=(opened, rows),
        )


def _save(opened: OpenRun, rows: np.ndarray) -> None:
    take_signature(_REVIEWER)
    made = named_sets.save(opened, str(st.session_state[_NAME]), opened.table["key"].iloc[rows])
    if made and has_person(_DIALOG):
        assign(opened, made, _DIALOG)
    if made:
        st.session_state.update(_EMPTY)  # the next set is no worklist unasked
    messages.keep_trouble(_DIALOG)
    draw_whole()
