"""A painting to pan and zoom in: OpenSeadragon over the server's IIIF tiles."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.server.iiif import VIEWER_URL, info_url
from dashboard.server.images import image_url
from dashboard.settings import below_base

_SCRIPT: Final = Path(__file__).with_name("viewer.js")
_HTML: Final = """
<div class="ae-viewer">
  <img alt="">
  <div class="stage"></div>
  <div class="tools">
    <button type="button" data-act="in" title="Zoom in" aria-label="Zoom in">+</button>
    <button type="button" data-act="out" title="Zoom out" aria-label="Zoom out">&minus;</button>
    <button type="button" data-act="whole" title="Whole picture" aria-label="Whole picture"
      >&#x2922;</button>
    <button type="button" data-act="full" title="Full screen" aria-label="Full screen"
      ><svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path fill="none"
        stroke="currentColor" stroke-width="1.6" d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"
      /></svg></button>
  </div>
</div>
"""


def render_viewer(run_id: str, row: int, painting: str, alt: str) -> None:
    """The picture of painting ``row``, whose key is ``painting``.

    A still picture if scripts or tiles do not load.
    """
    data = {
        "painting": painting,
        "info": info_url(run_id, row),
        "still": image_url(run_id, row, "640"),
        "script": below_base(VIEWER_URL),
        "alt": alt,
    }
    _component()(key="viewer", data=data)


@cache
def _component() -> Any:
    script = _SCRIPT.read_text(encoding="utf-8")
    return st.components.v2.component(
        "artextract_viewer", html=_HTML, js=script, isolate_styles=False
    )
