"""Turning and cropping an upload."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from dashboard.views.classify.cut import Cut
from tests.dashboard.pages import open_page, press, rerun, text_of

RED, BLUE = (200, 30, 30), (30, 30, 200)


def paint() -> bytes:
    """400 x 200: red at the left, blue at the right."""
    picture, buffer = Image.new("RGB", (400, 200), RED), io.BytesIO()
    picture.paste(BLUE, (200, 0, 400, 200))
    picture.save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def look(cut: Cut) -> Image.Image:
    uri = "data:image/jpeg;base64," + base64.b64encode(paint()).decode()
    return Image.open(io.BytesIO(cut.apply(uri)))


def is_like(colour: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(a - b) < 12 for a, b in zip(colour, wanted, strict=True))


def test_a_crop_keeps_its_part() -> None:
    kept = look(Cut(left=50, right=75, top=10, bottom=60))
    assert kept.size == (100, 100)
    assert is_like(kept.getpixel((50, 50)), BLUE)


@pytest.mark.parametrize(("turns", "top"), [(1, BLUE), (3, RED)])
def test_a_turn_comes_before_the_crop(turns: int, top: tuple[int, int, int]) -> None:
    kept = look(Cut(turns=turns, bottom=25))
    assert kept.size == (200, 100)
    assert is_like(kept.getpixel((100, 50)), top)


@pytest.mark.usefixtures("root")
def test_what_is_kept_is_classified_again() -> None:
    app = open_page("classify")
    app.file_uploader[0].upload("a.jpg", paint(), "image/jpeg")
    rerun(app)
    assert "a.jpg, 400 x 200 pixels" in text_of(app)
    across = next(each for each in app.slider if each.label.startswith("Keep from left"))
    across.set_value((0, 50))
    press(app, "Classify again")
    assert "a.jpg, cut, 200 x 200 pixels" in text_of(app)
