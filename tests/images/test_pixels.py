from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.images.loaded import ImageRefused
from core.images.pixels import compute_square, load_square
from tests.images.painted import paint, to_bytes

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("size", [32, 64, 300])
def test_the_whole_painting_is_squashed_into_the_square(size: int) -> None:
    image = Image.new("RGB", (400, 100), (200, 0, 0))
    image.paste((0, 0, 200), (200, 0, 400, 100))
    square = load_square(to_bytes(image, "PNG"), size)
    assert square.shape == (size, size, 3)
    assert square.dtype == np.uint8
    assert np.array_equal(square[size // 2, 1], [200, 0, 0])
    assert np.array_equal(square[size // 2, size - 2], [0, 0, 200])
    assert square.flags.writeable


def test_fine_stripes_turn_grey_instead_of_aliasing() -> None:
    stripes = np.tile([0, 255], (512, 256)).astype(np.uint8)
    square = compute_square(Image.fromarray(stripes).convert("RGB"), 64)
    assert abs(square.astype(int) - 127).max() <= 8


def test_a_square_of_the_right_size_is_untouched() -> None:
    image = paint(1, 64, 64)
    assert np.array_equal(compute_square(image, 64), np.asarray(image))


def test_bad_bytes_are_refused() -> None:
    with pytest.raises(ImageRefused):
        load_square(b"nothing", 32)


def test_classifying_needs_neither_torch_nor_imagehash() -> None:
    code = """
import sys
import core.images.decode, core.images.encode, core.images.pixels
print([name for name in ("torch", "imagehash", "scipy", "pandas", "rich") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
