"""A figure on a page, with a button that saves it as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from core.export.sheets import name_file
from dashboard.figures.palette import NEUTRAL

SCALE: Final = 3  # pixels of the saved picture for one on the screen


def render_chart(
    figure: go.Figure, alt: str, key: str | None = None, on_click: Callable[[], None] | None = None
) -> None:
    """``figure``; ``alt`` says what it shows, and names the file.

    ``on_click`` is called after a click on a point, which ``key`` then holds.
    """
    theme = "dark" if st.context.theme.type == "dark" else "light"
    # With the page's colour, or a saved picture would have light text on a transparent ground.
    figure.update_layout(
        paper_bgcolor=st.get_option(f"theme.{theme}.backgroundColor"),
        modebar={"bgcolor": "rgba(0, 0, 0, 0)", "color": NEUTRAL, "activecolor": NEUTRAL},
    )
    clicks: dict[str, Any] = {"on_select": on_click, "selection_mode": "points"}
    st.plotly_chart(
        figure,
        config=build_config(name_file(alt)),
        alt=alt,
        key=key,
        **(clicks if on_click else {}),
    )


def build_config(file: str) -> dict[str, Any]:
    """Plotly's settings: of its buttons only the camera, whose picture is called ``file``."""
    return {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "scale": SCALE, "filename": file},
    }
