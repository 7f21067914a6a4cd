"""The name that a change is signed with, asked for where it is not known yet."""

from __future__ import annotations

import streamlit as st

from core.reviews.entry import MAX_NAME
from dashboard.session import reviewing


def render_signature(key: str) -> None:
    """A field for the name in a form; nothing where it is known."""
    if not reviewing.reviewer():
        st.text_input("Your name, to sign it", key=key, max_chars=MAX_NAME)


def take_signature(key: str) -> None:
    """Remembers what was typed into the field ``key``."""
    if not reviewing.reviewer():
        reviewing.sign(str(st.session_state.get(key, "")))
