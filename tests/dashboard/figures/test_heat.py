"""The layer over a picture."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from dashboard.figures.heat import AGAINST, FOR, build_heat


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
