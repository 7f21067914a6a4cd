"""What stands in the head of Streamlit's page: where the server is.

Streamlit's script otherwise asks below the page's own path first (``/map/_stcore/health``), is
refused, waits, and asks again.
"""

from __future__ import annotations

import json

from dashboard.settings import below_base


def build_head() -> bytes:
    """HTML for the head of every page."""
    place = json.dumps(below_base("/"))
    where = f"window.__streamlit={{BACKEND_BASE_URL:new URL({place},location.href).href}}"
    return f"<script>{where}</script>".encode()
