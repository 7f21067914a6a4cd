"""Who is signed in, with which role, and the button to sign out."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.access.sign_in import Person
from dashboard.components.page import render_empty, render_head

ROLES: Final = {"reviewer": "reviewer", "viewer": "viewer: cannot give verdicts"}


def render_who(person: Person) -> None:
    """In the sidebar."""
    with st.sidebar:
        st.caption(f"{person.name or person.email}, {ROLES[person.role or 'viewer']}")
        st.button("Sign out", key="sign-out", on_click=st.logout, type="tertiary")


def render_nobody() -> None:
    """For a page whose session no longer matches the browser's: a reload asks for both again."""
    render_head("ArtExtract curator", "Please sign in")
    render_empty("What to do", ["Reload this page and sign in again."])
