"""Turning and cropping an upload, such as a framed painting photographed on a wall."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Final

import streamlit as st
from PIL import Image

TURNS: Final = {"As it is": 0, "Left": 1, "Upside down": 2, "Right": 3}  # quarters to the left
LEAST: Final = 5  # per cent of a side that stay at least


@dataclass(frozen=True)
class Cut:
    """What is kept of a picture: turned by ``turns`` quarters to the left, then cropped.

    The sides are in per cent of the turned picture, from its left and top.
    """

    turns: int = 0
    left: int = 0
    right: int = 100
    top: int = 0
    bottom: int = 100

    def apply(self, preview: str) -> bytes:
        """A JPEG of what is kept of ``preview``, a data URI that this server made."""
        data = base64.b64decode(preview.partition(",")[2])
        with Image.open(io.BytesIO(data)) as image:
            turned = image.rotate(90 * self.turns, expand=True)
        wide, high = turned.width / 100, turned.height / 100
        box = (self.left * wide, self.top * high, self.right * wide, self.bottom * high)
        kept = turned.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))
        buffer = io.BytesIO()
        kept.save(buffer, "JPEG", quality=95)
        return buffer.getvalue()

    @property
    def name(self) -> str:
        """Tells one cut of a picture from another."""
        return "-".join(map(str, (self.turns, self.left, self.right, self.top, self.bottom)))


def render_cut(subject: str) -> Cut:
    """Asks what to keep of the upload ``subject``; everything until something is chosen."""
    key = f"classify.cut.{subject}"
    with st.expander("Turn or crop the picture"), st.form(key, border=False):
        turn = st.selectbox("Turn", list(TURNS), key=f"{key}.turn", width=160)
        across = st.slider("Keep from left to right, in %", 0, 100, (0, 100), key=f"{key}.across")
        down = st.slider("Keep from top to bottom, in %", 0, 100, (0, 100), key=f"{key}.down")
        st.form_submit_button("Classify again", type="primary")
    (left, right), (top, bottom) = _widen(*across), _widen(*down)
    return Cut(TURNS[turn], left, right, top, bottom)


def _widen(low: int, high: int) -> tuple[int, int]:
    """The same, with at least ``LEAST`` in between."""
    low = min(low, 100 - LEAST)
    return low, max(high, low + LEAST)
