"""Who is signed in, as what, and the way out."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.access.sign_in import Person
from dashboard.components.page import render_empty, render_head

ROLES: Final = {"reviewer": "reviewer", "viewer": "viewer: looks, does not judge"}


def render_who(person: Person) -> None:
    """In the sidebar."""
    with st.sidebar:
        st.caption(f"{person.name or person.email}, {ROLES[person.role or 'viewer']}")
        st.button("Sign out", key="sign-out", on_click=st.logout, type="tertiary")


def render_nobody() -> None:
    """Where the browser's session and the page's do not agree: a reload asks for both anew."""
    render_head("ArtExtract curator", "Please sign in")
    render_empty("What to do", ["Reload this page. The sign-in is asked for again."])
