"""The name that signs changes: shown on every page, asked for when unknown."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.reviews.entry import MAX_NAME
from dashboard.access import sign_in
from dashboard.components.apart import apart, draw_whole
from dashboard.session import messages, visitor
from dashboard.words import plain

_CHANGED: Final = "signed.name"


def render_signature(key: str) -> None:
    """A field for the name in a form; nothing if the name is known."""
    if not visitor.reviewer():
        st.text_input("Your name, to sign it", key=key, max_chars=MAX_NAME)


def take_signature(key: str) -> None:
    """Remembers what was typed into the field ``key``."""
    if not visitor.reviewer():
        visitor.sign(str(st.session_state.get(key, "")))


def render_signed() -> None:
    """Who signs, at the head of the page, with a form to change it; nothing for viewers."""
    if not sign_in.may_review():
        return
    with st.container(key="signed"):
        _render_menu()


@apart
def _render_menu() -> None:
    name = visitor.reviewer()
    menu = st.popover(
        f"Signed as {plain(name)}" if name else "No name yet",
        type="tertiary",
        key="signed.menu",
        on_change="rerun",
    )
    if not menu.open:
        return
    with menu:
        if sign_in.is_on():
            st.write("Your sign-in is your signature. To sign as somebody else, sign out first.")
            st.button("Sign out", key="signed.out", on_click=st.logout)
            return
        with st.form("signed.form", border=False):
            st.text_input(
                "Name to sign with", name, key=_CHANGED, max_chars=MAX_NAME, autocomplete="name"
            )
            st.form_submit_button("Change" if name else "Sign", on_click=_change)


def _change() -> None:
    if not visitor.sign(str(st.session_state.get(_CHANGED, ""))):
        messages.say("That name cannot be used; nothing was changed.")
    draw_whole()
