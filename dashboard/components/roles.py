"""Mends the roles that Streamlit gives to parts of a page, for screen readers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

_SCRIPT: Final = Path(__file__).with_name("roles.js")


def render_roles() -> None:
    """Watches the page; draws nothing."""
    _component()(key="roles", height=1)


@cache
def _component() -> Any:
    return st.components.v2.component("artextract_roles", js=_SCRIPT.read_text(encoding="utf-8"))
