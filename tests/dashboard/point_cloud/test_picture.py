"""The still picture that browsers without WebGL show."""

import io

import numpy as np
import pytest
from PIL import Image

from dashboard.figures.colour_vision import parse_colour
from dashboard.figures.palette import NEUTRAL, QUADRANT_COLOURS
from dashboard.point_cloud.packing import Column, build_columns
from dashboard.point_cloud.picture import build_cloud_picture, colour_rows, picture_size
from dashboard.runs.open_run import OpenRun
from dashboard.selection.filters import place_quadrants
from dashboard.selection.layout import Layout

LINES = (1.0, 0.5)


@pytest.fixture
def columns(opened: OpenRun) -> list[Column]:
    return build_columns(opened.table, opened.run.manifest.classes, opened.ceiling)


def draw(
    columns: list[Column], layout: Layout, colour: str, shown: np.ndarray | None
) -> np.ndarray:
    picture = build_cloud_picture(columns, layout, colour, LINES, shown, dark=False)
    return np.asarray(Image.open(io.BytesIO(picture)))


@pytest.mark.parametrize("layout", ["map", "quadrants"])
def test_every_point_is_drawn_in_its_colour(
    columns: list[Column], layout: Layout, opened: OpenRun
) -> None:
    pixels = draw(columns, layout, "quadrant", None)
    table = place_quadrants(opened.table, *LINES)
    seen = {tuple(colour) for colour in pixels[pixels[..., 3] > 0][:, :3]}
    wanted = {
        tuple((parse_colour(QUADRANT_COLOURS[name]) * 255).astype(np.uint8))
        for name in table.loc[table["loss"].notna(), "quadrant"].unique()
    }
    assert wanted <= seen


def test_filtered_out_points_stay_faint_and_grey(columns: list[Column]) -> None:
    shown = np.zeros(60, dtype=bool)
    pixels = draw(columns, "map", "given", shown)
    drawn = pixels[pixels[..., 3] > 0]
    assert len(drawn)
    assert (drawn[:, 3] < 128).all()
    assert (drawn[:, :3] == (parse_colour(NEUTRAL) * 255).astype(np.uint8)).all()


def test_a_map_keeps_its_proportions(columns: list[Column]) -> None:
    place = next(column for column in columns if column.name == "map")
    width, height = picture_size(place, "map")
    wide, high = np.subtract(place.facts["high"], place.facts["low"])
    assert width / height == pytest.approx(wide / high, rel=0.01)


@pytest.mark.parametrize("colour", ["given", "genre", "century", "loss", "novelty", "artist"])
def test_every_channel_has_colours(columns: list[Column], colour: str) -> None:
    by_name = {column.name: column for column in columns}
    for page in ("light", "dark"):
        paint = colour_rows(by_name, colour, LINES, page)
        assert paint.shape == (60, 3)
        missing = by_name[colour].values == np.iinfo(by_name[colour].values.dtype).max
        assert (paint[missing] == parse_colour(NEUTRAL)).all()
