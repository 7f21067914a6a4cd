"""Pasted files for the uploader above, and a word on those that are too many or too large."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from core.sizes import MEGABYTE
from dashboard.server.middleware.upload_gate import LIMITS

_SCRIPT: Final = Path(__file__).with_name("incoming.js")
_HTML: Final = '<p class="ae-refused" role="alert" hidden></p>'


def render_incoming() -> None:
    """Listens for files; draws nothing until it refuses some.

    The server refuses the same (``upload_gate``), but only once they have been sent.
    """
    data = {"files": LIMITS.session_files, "megabytes": LIMITS.session_bytes // MEGABYTE}
    _component()(key="incoming", height="content", data=data)


@cache
def _component() -> Any:
    script = _SCRIPT.read_text(encoding="utf-8")
    return st.components.v2.component(
        "artextract_incoming", html=_HTML, js=script, isolate_styles=False
    )
