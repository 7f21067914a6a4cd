"""Opens links between pages in place.

The links are ordinary ones, so they can be copied, opened in a new tab, or followed without this.
A plain click would reload the whole page, so it becomes an event instead.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any, Final

import streamlit as st

from dashboard.session import state

_KEY: Final = "inside-links"
_SCRIPT: Final = """
export default function ({ setTriggerValue }) {
  const open = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target.closest?.("a[data-inside]")
    if (!link) return
    event.preventDefault()
    setTriggerValue("opened", link.getAttribute("href"))
  }
  document.addEventListener("click", open)
  return () => document.removeEventListener("click", open)
}
"""


def open_link(address: str) -> str:
    """Opening tag of a link to ``address``, which ``state.link_to`` made."""
    return f'<a href="{escape(address)}" data-inside>'


def render_links() -> None:
    """Listens for clicks on such links; draws nothing."""
    _component()(key=_KEY, on_opened_change=_open, height=1)


@cache
def _component() -> Any:
    return st.components.v2.component("artextract_inside_links", js=_SCRIPT)


def _open() -> None:
    opened = st.session_state[_KEY].opened
    if opened:
        state.follow(str(opened))
