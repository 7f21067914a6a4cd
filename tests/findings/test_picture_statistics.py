"""What made-up pictures of each kind look like."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from core.findings.appearance import APPEARANCES
from core.findings.picture_statistics import (
    PICTURES_AT_ONCE,
    compute_picture_statistics,
    name_appearances,
)

RNG = np.random.default_rng(0)


def classify(picture: np.ndarray) -> str:
    return str(name_appearances(compute_picture_statistics(picture[None]))[0])


def scribble(lines: list[tuple[int, int, int, int]], paper: tuple[int, int, int]) -> np.ndarray:
    image = Image.new("RGB", (256, 256), paper)
    draw = ImageDraw.Draw(image)
    for line in lines:
        draw.line(line, fill=(50, 48, 45), width=6)
    return np.asarray(image.resize((64, 64), Image.Resampling.BOX))


def make_tones(sepia: bool = False) -> np.ndarray:
    grey = gaussian_filter(RNG.normal(size=(64, 64)), 6)
    grey = 128 + 105 * grey / np.abs(grey).max()
    tint = np.array([1.0, 0.85, 0.65]) if sepia else np.ones(3)
    return (grey[..., None] * tint).clip(0, 255).astype(np.uint8)


def test_a_colourful_picture_is_in_colour() -> None:
    assert classify(RNG.integers(0, 255, size=(64, 64, 3), dtype=np.uint8)) == "in colour"


@pytest.mark.parametrize("paper", [(250, 250, 250), (228, 214, 186)])
def test_strokes_on_bare_paper_are_told(paper: tuple[int, int, int]) -> None:
    strokes = [tuple(RNG.integers(40, 216, 4).tolist()) for _ in range(14)]
    assert classify(scribble(strokes, paper)) == "strokes on paper"


@pytest.mark.parametrize("sepia", [False, True])
def test_smooth_tones_of_one_hue_are_smooth_greys(sepia: bool) -> None:
    assert classify(make_tones(sepia)) == "smooth greys"


def test_black_on_white_areas_are_black_and_white() -> None:
    picture = np.full((64, 64, 3), 245, dtype=np.uint8)
    picture[10:40, 10:50] = 15
    assert classify(picture) == "black and white"


def test_rows_of_marks_are_told() -> None:
    picture = np.full((64, 64, 3), 240, dtype=np.uint8)
    for top in range(6, 58, 5):
        picture[top : top + 2, 6 : int(RNG.integers(48, 58))] = 90
    assert classify(picture) == "rows of marks"


def test_a_blank_or_black_canvas_is_merely_of_one_hue() -> None:
    for tone in (10, 245):
        assert classify(np.full((64, 64, 3), tone, dtype=np.uint8)) == "one hue"


def test_a_colour_field_is_in_colour_though_flat() -> None:
    picture = np.zeros((64, 64, 3), dtype=np.uint8)
    picture[:32], picture[32:] = (200, 30, 40), (30, 60, 180)
    picture[20:24] = (240, 220, 90)
    assert classify(picture) == "in colour"


def test_every_name_is_explained_and_none_is_lost() -> None:
    pictures = RNG.integers(0, 255, size=(40, 32, 32, 3), dtype=np.uint8)
    assert set(name_appearances(compute_picture_statistics(pictures))) <= set(APPEARANCES)
    assert len(name_appearances(compute_picture_statistics(pictures[:0]))) == 0


def test_statistics_are_of_each_picture_alone() -> None:
    pictures = RNG.integers(0, 255, size=(PICTURES_AT_ONCE + 3, 32, 32, 3), dtype=np.uint8)
    alone = [compute_picture_statistics(picture[None]).iloc[0] for picture in pictures]
    assert np.allclose(compute_picture_statistics(pictures), np.stack(alone))
