"""The layer over a picture, and the reading from left to right."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from dashboard.components.explanation import build_overlay
from dashboard.figures.heat import AGAINST, FOR, build_heat
from dashboard.figures.reading import build_reading


def layer(cells: np.ndarray) -> np.ndarray:
    data = base64.b64decode(build_heat(cells).removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)))


def test_red_speaks_for_blue_against_and_the_rest_is_clear() -> None:
    cells = np.zeros((5, 5))
    cells[0, 0], cells[4, 4] = 2.0, -1.0
    pixels = layer(cells)
    red, blue, clear = pixels[4, 4], pixels[-4, -4], pixels[60, 60]
    assert tuple(red[:3]) == FOR
    assert tuple(blue[:3]) == AGAINST
    assert red[3] > 220
    assert 90 < blue[3] < 160
    assert clear[3] < 10


def test_what_hardly_matters_stays_faint() -> None:
    cells = np.full((3, 3), 0.001)
    assert layer(cells)[..., 3].max() < 20


def test_the_overlay_escapes_what_a_file_is_called() -> None:
    html = build_overlay("/images/a.jpg", "data:image/png;base64,x", 0.5, '"><script>alert(1)')
    assert "<script>" not in html
    assert "opacity:0.50" in html


def test_the_chosen_class_is_drawn_and_ends_at_the_answer() -> None:
    reading = np.random.default_rng(0).dirichlet(np.ones(6), 9)
    figure = build_reading(reading, tuple("abcdef"), chosen=5)
    lines = {line.name: line for line in figure.data}
    assert len(lines) == 4
    assert list(lines["F"].y) == list(reading[:, 5])
    assert (lines["F"].x[0], lines["F"].x[-1]) == (0, 1)
