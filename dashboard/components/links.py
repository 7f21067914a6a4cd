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
from dashboard.session.events import read_event

_KEY: Final = "inside-links"
_SCRIPT: Final = """
const MENU = "[data-st-overlay-root=true], [aria-haspopup=dialog][aria-expanded=true]"

export default function ({ setTriggerValue }) {
  const open = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target.closest?.("a[data-inside]")
    if (!link) return
    event.preventDefault()
    setTriggerValue("opened", link.getAttribute("href"))
  }
  // A menu that a click elsewhere closes says so after what was clicked has asked for its page,
  // and names the page before: the new one would stay empty. The click waits until it has said so.
  let passes = false
  const closeMenu = (event) => {
    const menu = document.querySelector("[data-testid=stPopoverBody]")
    const path = event.composedPath()
    if (passes || !menu || path.some((part) => part.matches?.(MENU))) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const focused = document.activeElement
    menu.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))
    focused?.focus()
    setTimeout(() => {
      passes = true
      path[0].dispatchEvent(new PointerEvent("click", event))
      passes = false
    })
  }
  document.addEventListener("click", open)
  window.addEventListener("click", closeMenu, true)
  return () => {
    document.removeEventListener("click", open)
    window.removeEventListener("click", closeMenu, true)
  }
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
    opened = read_event(_KEY, "opened")
    if opened:
        state.follow(str(opened))
