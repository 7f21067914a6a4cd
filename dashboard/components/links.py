"""Opens links between pages in place.

The links are ordinary ones, so they can be copied, opened in a new tab, or followed without this.
A plain click would reload the whole page. It goes forward in the browser's history instead, which
Streamlit follows as it follows the back button, whatever page it is drawing: of two links clicked
at once the last is followed. A click beside an open menu waits until the menu has closed.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import streamlit as st

_SCRIPT: Final = Path(__file__).with_name("links.js")


def open_link(address: str) -> str:
    """Opening tag of a link to ``address``, which ``state.link_to`` made."""
    return f'<a href="{escape(address)}" data-inside>'


def render_links() -> None:
    """Listens for clicks on such links; draws nothing."""
    _component()(key="inside-links", height=1)


@cache
def _component() -> Any:
    script = _SCRIPT.read_text(encoding="utf-8")
    return st.components.v2.component("artextract_inside_links", js=script)
