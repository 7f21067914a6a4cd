"""Errors and messages that are kept for the next run of the script.

They are texts, not Markdown: they hold names that others chose, of sets, files, people and labels.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.words import plain

_TROUBLE: Final = "artextract.review-trouble"
_SAID: Final = "artextract.review-said"


def warn(text: str) -> None:
    """Keeps an error to be shown on the next run of the script."""
    st.session_state[_TROUBLE] = text


def keep_trouble(dialog: str) -> None:
    """Moves the error kept last into ``dialog``, where whoever caused it looks."""
    if trouble := st.session_state.pop(_TROUBLE, ""):
        st.session_state[f"{dialog}.trouble"] = trouble


def render_trouble(dialog: str) -> None:
    """Draws the error that ``dialog`` met, inside it."""
    if trouble := st.session_state.pop(f"{dialog}.trouble", ""):
        st.error(plain(trouble))


def say(text: str) -> str:
    """Keeps a message to be shown once, on the next run of the script; returns it."""
    st.session_state[_SAID] = text
    return text


def render_said() -> None:
    """Draws the errors and messages kept since the last run of the script."""
    if trouble := st.session_state.pop(_TROUBLE, ""):
        st.warning(plain(trouble), icon=":material/warning:")
    if said := st.session_state.pop(_SAID, ""):
        st.toast(plain(said))
