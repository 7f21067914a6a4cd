"""The page of whoever has not signed in, of a stranger, and the line that says who one is."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from dashboard.access import sign_in
from dashboard.access.sign_in import DEFAULT, Person
from dashboard.components.page import render_empty, render_head

ROLES: Final = {"reviewer": "reviewer", "viewer": "viewer: looks, does not judge"}


def render_sign_in() -> None:
    """What it is, and the way in."""
    render_head(
        "ArtExtract curator",
        "Please sign in",
        "Finds the paintings in a collection that do not fit their labels. Only people on this "
        "museum's list can look.",
    )
    for provider in sign_in.list_providers():
        name = "" if provider == DEFAULT else f" with {provider.capitalize()}"
        if st.button(f"Sign in{name}", key=f"sign-in.{provider}", type="primary"):
            st.login(provider)


def render_stranger(person: Person) -> None:
    """For somebody who signed in and is not on the list."""
    render_head("ArtExtract curator", "You are not on the list")
    who = escape(person.email) if person.email else "somebody whose e-mail address is not told"
    render_empty(
        "What to do",
        [
            f"You signed in as <b>{who}</b>. This museum has not let that address in, or its "
            "provider does not say that it is verified.",
            "Ask who keeps this dashboard to add it, then reload this page. Or sign in with "
            "another account.",
        ],
    )
    st.button("Sign out", on_click=st.logout)


def render_who(person: Person) -> None:
    """Who is signed in, as what, and the way out."""
    with st.sidebar:
        st.caption(f"{person.name or person.email}, {ROLES[person.role or 'viewer']}")
        st.button("Sign out", key="sign-out", on_click=st.logout, type="tertiary")
