"""Small squares: the whole picture, in order, thin strokes kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageDraw

from core.images.encode import encode_jpeg
from core.images.store import ImageStore
from core.images.thumbnails import SIDE, save_thumbnails


def build_store(root: Path, pictures: list[Image.Image]) -> tuple[ImageStore, list[str]]:
    images = [f"{number:02x}/{number:064x}.jpg" for number in range(len(pictures))]
    for image, picture in zip(images, pictures, strict=True):
        (root / image).parent.mkdir(exist_ok=True)
        (root / image).write_bytes(encode_jpeg(picture))
    return ImageStore(root, pd.DataFrame(), pd.DataFrame()), images


def test_each_picture_is_squashed_whole_and_in_order(tmp_path: Path) -> None:
    left_red = Image.new("RGB", (900, 384), "blue")
    left_red.paste("red", (0, 0, 450, 384))
    green = Image.new("RGB", (384, 700), "green")
    store, images = build_store(tmp_path, [left_red, green])
    told: list[int] = []
    save_thumbnails(tmp_path / "small.npy", store, images, workers=2, on_rows=told.append)
    thumbnails = np.load(tmp_path / "small.npy")
    assert thumbnails.shape == (2, SIDE, SIDE, 3)
    assert sum(told) == 2
    half = SIDE // 2
    np.testing.assert_allclose(thumbnails[0, :, : half - 2].mean((0, 1)), (254, 0, 0), atol=4)
    np.testing.assert_allclose(thumbnails[0, :, half + 2 :].mean((0, 1)), (0, 0, 254), atol=4)
    np.testing.assert_allclose(thumbnails[1].mean((0, 1)), (0, 128, 0), atol=4)


def test_a_thin_stroke_does_not_vanish(tmp_path: Path) -> None:
    paper = Image.new("RGB", (384, 384), "white")
    ImageDraw.Draw(paper).line((0, 201, 384, 201), "black", 2)
    store, images = build_store(tmp_path, [paper])
    save_thumbnails(tmp_path / "small.npy", store, images)
    (thumbnail,) = np.load(tmp_path / "small.npy")
    assert thumbnail.min(axis=(0, 2)).max() < 230


def test_a_lost_picture_is_an_error(tmp_path: Path) -> None:
    store, images = build_store(tmp_path, [Image.new("RGB", (64, 64))])
    (tmp_path / images[0]).unlink()
    with pytest.raises(FileNotFoundError):
        save_thumbnails(tmp_path / "small.npy", store, images)
    assert not (tmp_path / "small.npy").exists()
