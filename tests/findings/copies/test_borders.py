"""Borders are cut where there are some, and pictures are found without them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.findings.copies import borders as searched
from core.findings.copies.borders import find_borders, trim_borders
from core.findings.copies.duplicates import find_by_sight
from core.findings.copies.likeness import compute_likeness

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def paint(seed: int, size: int = 64) -> np.ndarray:
    """A picture of soft blots, (size, size, 3) uint8."""
    small = np.random.default_rng(seed).uniform(0, 255, size=(8, 8, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(small).resize((size, size), Image.Resampling.BICUBIC))


def mount(
    picture: np.ndarray, top: int, left: int, colour: tuple[int, int, int] = WHITE
) -> np.ndarray:
    """The picture inside a border of so many pixels above and below, left and right."""
    size = len(picture)
    sheet = Image.new("RGB", (size, size), colour)
    inner = Image.fromarray(picture).resize((size - 2 * left, size - 2 * top), Image.Resampling.BOX)
    sheet.paste(inner, (left, top))
    return np.asarray(sheet)


@pytest.mark.parametrize("colour", [WHITE, BLACK, (128, 130, 120)])
def test_a_border_is_measured_and_cut(colour: tuple[int, int, int]) -> None:
    sheet = mount(paint(0), 14, 6, colour)[None]
    borders = find_borders(sheet)
    assert borders.tolist() == [[14, 14, 6, 6]]
    inner = trim_borders(sheet, borders)[0].astype(float)
    assert inner.shape == (64, 64, 3)
    assert np.corrcoef(inner.ravel(), paint(0).ravel())[0, 1] > 0.98


def test_noise_of_compression_is_a_border_still() -> None:
    noise = np.random.default_rng(0).integers(-4, 5, size=(64, 64, 3))
    sheet = (mount(paint(0), 8, 8).astype(int) + noise).clip(0, 255).astype(np.uint8)
    assert find_borders(sheet[None]).tolist() == [[8, 8, 8, 8]]


def test_a_plain_sky_a_plain_picture_and_a_spot_on_paper_have_none() -> None:
    sky, spot = paint(0).copy(), np.full((64, 64, 3), 250, dtype=np.uint8)
    sky[:20] = 200
    spot[30:34, 30:34] = 0
    pictures = np.stack([paint(0), sky, np.full_like(sky, 250), spot])
    assert not find_borders(pictures).any()
    assert find_borders(pictures[:0]).shape == (0, 4)


def test_borders_are_found_wherever_a_block_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, bordered = paint(0), mount(paint(1), 5, 9)
    pictures = np.stack([plain, bordered, plain, plain, bordered, bordered, plain])
    monkeypatch.setattr(searched, "AT_ONCE", 2)  # a block of each kind, and a last one of one
    assert find_borders(pictures).any(axis=1).tolist() == [0, 1, 0, 0, 1, 1, 0]
    assert find_borders(pictures)[4].tolist() == [5, 5, 9, 9]


def test_a_copy_in_a_wide_border_is_found_though_its_features_are_unlike() -> None:
    pictures = [paint(n) for n in range(20)]
    pictures += [mount(pictures[0], 14, 10), mount(pictures[1], 10, 16, BLACK)]
    features = np.random.default_rng(0).normal(size=(22, 16)).astype(np.float32)
    found = find_by_sight(features, np.stack(pictures), np.arange(22))
    assert found.tolist() == [[0, 20], [1, 21]]


def test_what_the_hash_holds_together_is_not_found_again() -> None:
    pictures = np.stack([paint(0), mount(paint(0), 12, 12), *(paint(n) for n in range(1, 9))])
    features = np.random.default_rng(0).normal(size=(10, 16)).astype(np.float32)
    assert find_by_sight(features, pictures, np.array([0, 0, *range(1, 9)])).shape == (0, 2)


def test_two_equal_borders_make_no_copies() -> None:
    """Most of what is seen is white; what differs is the picture."""
    pictures = np.stack([mount(paint(0) // 4, 16, 16), mount(paint(1) // 4, 16, 16)])
    flat = pictures.reshape(2, -1).astype(float)
    assert np.corrcoef(flat)[0, 1] > 0.9
    assert compute_likeness(pictures, np.array([[0, 1]]))[0] < 0.8


def test_the_ground_of_a_picture_may_be_a_copys_border() -> None:
    """A crop that cuts into the plain ground on one side has no border left."""
    picture = mount(paint(0), 8, 8)
    crop = np.asarray(Image.fromarray(picture[1:-1, 3:]).resize((64, 64), Image.Resampling.BOX))
    crop = crop.copy()
    crop[:, -1] = 90
    assert find_borders(np.stack([picture, crop])).any(axis=1).tolist() == [True, False]
    assert compute_likeness(np.stack([picture, crop]), np.array([[0, 1]]))[0] > 0.8
