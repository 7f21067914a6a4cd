"""Makes links to paintings open in place.

The links are ordinary ones, so they can be copied, opened in a new tab, or followed without this.
A plain click, though, would load the whole page again: here it becomes an event instead.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import state

PAINTING_ATTRIBUTE: Final = "data-painting"
_KEY: Final = "painting-links"
_SCRIPT: Final = """
export default function ({ setTriggerValue }) {
  const open = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target.closest?.("a[data-painting]")
    if (!link) return
    event.preventDefault()
    setTriggerValue("opened", link.dataset.painting)
  }
  document.addEventListener("click", open)
  return () => document.removeEventListener("click", open)
}
"""


def render_links() -> None:
    """Listens for clicks on paintings; draws nothing."""
    listen = st.components.v2.component("artextract_painting_links", js=_SCRIPT)
    listen(key=_KEY, on_opened_change=_open, height=1)


def _open() -> None:
    opened = st.session_state[_KEY].opened
    if opened:
        state.update(painting=str(opened))
