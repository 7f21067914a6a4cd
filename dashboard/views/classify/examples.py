"""Pictures to try without a file at hand: three paintings of the run, and a page of print."""

from __future__ import annotations

import base64
import io
from functools import cache
from html import escape
from typing import Final

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from core.findings.labels.quadrants import Quadrant
from dashboard.components.gallery import build_small_card
from dashboard.components.page import render_section
from dashboard.runs.open_run import OpenRun
from dashboard.selection.select import thresholds_in_force
from dashboard.server.images import image_url
from dashboard.session import state
from dashboard.words import painting_byline, painting_title, picture_text, quadrant_name

PRINTED_PAGE: Final = "example:printed-page"  # what the address asks about; no painting's key
PAGE_NAME: Final = "A page of print"
_QUADRANTS: Final[tuple[Quadrant, ...]] = ("typical", "genuine outlier", "hard example")
_WIDTH, _HEIGHT, _MARGIN, _LINE = 600, 800, 60, 22  # pixels


def choose_examples(opened: OpenRun) -> list[int]:
    """Rows of up to three scored paintings, of a quadrant each, the clearest of it first."""
    placed = opened.place_quadrants(thresholds_in_force(opened, state.current()))
    scored = placed[placed["confidence"].notna()].sort_values("confidence", ascending=False)
    firsts = (scored.index[scored["quadrant"] == name] for name in _QUADRANTS)
    return [int(rows[0]) for rows in firsts if len(rows)]


@cache
def draw_page() -> bytes:
    """A PNG of a page of print, always the same: bars in place of words, as in a sketch."""
    page = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    pencil, chance = ImageDraw.Draw(page), np.random.default_rng(1)
    for y in range(_MARGIN, _HEIGHT - _MARGIN, _LINE):
        x = _MARGIN
        while x < _WIDTH - _MARGIN:
            end = min(x + int(chance.integers(14, 70)), _WIDTH - _MARGIN)
            pencil.rectangle((x, y, end, y + 8), fill=(40, 40, 40))
            x = end + 8
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


def render_examples(opened: OpenRun) -> None:
    """A card each; a click classifies it."""
    one = escape(opened.word.one("style"))
    render_section(
        "Or try one of these",
        f"Paintings of the collection, and one picture that is no painting. The model names {one} "
        "for it all the same; its novelty tells how unlike the collection it is.",
    )
    st.html(f'<div class="ae-gallery ae-small">{"".join(_build_cards(opened))}</div>')


def _build_cards(opened: OpenRun) -> list[str]:
    rows = choose_examples(opened)
    quadrants = opened.place_quadrants(thresholds_in_force(opened, state.current()))["quadrant"]
    cards = [
        build_small_card(
            state.link_to("classify", subject=str(painting["key"])),
            image_url(opened.run.run_id, row, "160"),
            picture_text(painting),
            painting_title(painting),
            painting_byline(painting),
            quadrant_name(str(quadrants[row])),
        )
        for row, painting in ((row, opened.table.loc[row].to_dict()) for row in rows)
    ]
    address = state.link_to("classify", subject=PRINTED_PAGE)
    source = "data:image/png;base64," + base64.b64encode(draw_page()).decode("ascii")
    alt = "Rows of black bars on white"
    return [*cards, build_small_card(address, source, alt, PAGE_NAME, "", "Not a painting")]
