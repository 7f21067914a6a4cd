"""A button that downloads a file."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def render_file_button(
    label: str, make: Callable[[], bytes], file: str, media_type: str, help_text: str | None = None
) -> None:
    """The button; ``make`` is called on a click and not before, and the page stays as it is."""
    st.download_button(label, make, file, media_type, key=file, on_click="ignore", help=help_text)
