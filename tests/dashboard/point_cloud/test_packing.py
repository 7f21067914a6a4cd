"""What the browser gets to draw: places, classes, scores and rows."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.findings.labels.quadrants import QUADRANTS
from dashboard.point_cloud.packing import (
    build_columns,
    century_name,
    encode_rows,
    mask_of,
    pack_points,
    quantise,
)
from dashboard.runs.open_run import OpenRun
from dashboard.selection.layout import (
    compute_ceiling,
    compute_century,
    drop_hidden,
    list_colours,
    place_points,
)
from tests.dashboard.pages import decode_rows


def unpack(body: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and columns, read as the browser does."""
    assert body[:4] == b"AEP1"
    length = int.from_bytes(body[4:8], "little")
    header = json.loads(body[8 : 8 + length])
    columns = {}
    for column in header["columns"]:
        size = header["count"] * (2 if column["kind"] == "place" else 1)
        start = 8 + length + column["offset"]
        assert start % 4 == 0
        columns[column["name"]] = np.frombuffer(body, f"<u{column['bytes']}", size, start)
    return header, columns


def packed(opened: OpenRun) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    columns = build_columns(opened.table, opened.run.manifest.classes, opened.ceiling)
    return unpack(pack_points(columns).body)


def facts_of(header: dict[str, Any], name: str) -> dict[str, Any]:
    return next(column for column in header["columns"] if column["name"] == name)


def test_places_come_back_within_a_step(opened: OpenRun) -> None:
    header, columns = packed(opened)
    assert header["count"] == len(opened.table)
    for layout in ("map", "quadrants"):
        facts = facts_of(header, layout)
        low, high = np.array(facts["low"]), np.array(facts["high"])
        shares = columns[layout].reshape(-1, 2) / 65534
        wanted = place_points(opened.table, layout, opened.ceiling)
        known = ~np.isnan(wanted).any(axis=1)
        back = low + shares[known] * (high - low)
        np.testing.assert_allclose(back, wanted[known], atol=float((high - low).max()) / 65534)
        assert (columns[layout].reshape(-1, 2)[~known] == 65535).all()


def test_classes_come_back_by_name(opened: OpenRun) -> None:
    header, columns = packed(opened)
    for name, column in (("given", "given"), ("genre", "given_genre"), ("artist", "artist")):
        names = [entry["name"] for entry in facts_of(header, name)["classes"]]
        back = [names[code] if code < len(names) else None for code in columns[name]]
        wanted = [value if isinstance(value, str) else None for value in opened.table[column]]
        assert back == wanted


def test_a_label_that_is_not_learned_is_a_class_after_the_learned_ones(opened: OpenRun) -> None:
    given = opened.table["given"].astype(object)
    given.iloc[0] = "Tonalism"
    table = opened.table.assign(given=given)
    columns = build_columns(table, opened.run.manifest.classes, opened.ceiling)
    column = next(column for column in columns if column.name == "given")
    names = [entry["name"] for entry in column.facts["classes"]]
    assert names[: len(opened.run.classes("style"))] == list(opened.run.classes("style"))
    assert names[column.values[0]] == "Tonalism"


def test_more_classes_than_a_byte_holds_take_two(opened: OpenRun) -> None:
    count = 1200
    table = pd.concat([opened.table] * 20, ignore_index=True)
    table["artist"] = [f"Artist {i}" for i in range(count)]
    columns = build_columns(table, opened.run.manifest.classes, opened.ceiling)
    artist = next(column for column in columns if column.name == "artist")
    assert artist.values.dtype == np.uint16
    assert len(artist.facts["classes"]) == count


def test_an_unscored_painting_has_no_place_among_the_quadrants(opened: OpenRun) -> None:
    loss = opened.table["loss"].astype(float)
    loss.iloc[3] = np.nan
    table = opened.table.assign(loss=loss)
    columns = build_columns(table, opened.run.manifest.classes, opened.ceiling)
    by_name = {column.name: column for column in columns}
    assert (by_name["quadrants"].values[3] == 65535).all()
    assert (by_name["map"].values[3] < 65535).all()
    assert by_name["loss"].values[3] == 255


def test_no_painting_lies_below_the_frontier(opened: OpenRun) -> None:
    places = place_points(opened.table, "quadrants", opened.ceiling)
    places = places[~np.isnan(places).any(axis=1)]
    assert (places[:, 0] >= np.exp(-places[:, 1]) - 1e-3).all()


def test_an_extreme_loss_is_drawn_at_the_ceiling() -> None:
    loss = pd.Series([0.1] * 2000 + [700.0, np.nan])
    ceiling = compute_ceiling(loss, line=2.0)
    assert 2.5 <= ceiling < 700
    places = place_points(pd.DataFrame({"confidence": 0.5, "loss": loss}), "quadrants", ceiling)
    assert places[-2, 1] == ceiling
    assert np.isnan(places[-1, 1])


def test_the_header_explains_quadrants_and_ramps(opened: OpenRun) -> None:
    header, _ = packed(opened)
    assert [entry["name"] for entry in header["quadrants"]] == list(QUADRANTS)
    assert set(header["ramps"]) == {"light", "dark"}


def test_the_version_changes_with_the_points(opened: OpenRun) -> None:
    classes = opened.run.manifest.classes
    first = pack_points(build_columns(opened.table, classes, opened.ceiling))
    again = pack_points(build_columns(opened.table, classes, opened.ceiling))
    moved = opened.table.assign(x=-opened.table["x"])
    other = pack_points(build_columns(moved, classes, opened.ceiling))
    assert first.version == again.version
    assert first.version != other.version


def test_a_point_takes_about_twenty_bytes(opened: OpenRun) -> None:
    columns = build_columns(opened.table, opened.run.manifest.classes, opened.ceiling)
    assert sum(column.values.nbytes for column in columns) <= 20 * len(opened.table)


@given(st.lists(st.booleans(), max_size=400))
def test_rows_survive_their_encoding(rows: list[bool]) -> None:
    mask = np.array(rows, dtype=bool)
    np.testing.assert_array_equal(decode_rows(encode_rows(mask), len(mask)), mask)


def test_one_style_of_a_large_collection_takes_a_few_bytes() -> None:
    mask = np.zeros(81_444, dtype=bool)
    mask[20_000:26_450] = True
    assert len(encode_rows(mask)) < 150
    scattered = np.random.default_rng(0).random(81_444) < 0.5  # the worst there is
    assert len(encode_rows(scattered)) < 14_000


@given(st.lists(st.floats(-1, 2) | st.just(float("nan")), min_size=1, max_size=50))
def test_shares_survive_quantising_within_a_step(shares: list[float]) -> None:
    given_shares = np.array(shares)
    stored = quantise(given_shares, np.uint8)
    missing = np.isnan(given_shares)
    assert (stored[missing] == 255).all()
    assert (stored[~missing] < 255).all()
    clipped = np.clip(given_shares[~missing], 0, 1)
    np.testing.assert_allclose(stored[~missing] / 254, clipped, atol=0.5 / 254 + 1e-12)


@pytest.mark.parametrize(
    ("year", "century"), [(1, 1), (100, 1), (101, 2), (1815, 19), (1900, 19), (1901, 20), (0, 0)]
)
def test_years_belong_to_their_century(year: int, century: int) -> None:
    found = compute_century(pd.Series([year, None], dtype="Int16"))
    assert found[0] == century
    assert found[1] is pd.NA


@pytest.mark.parametrize(
    ("century", "name"),
    [
        (1, "1st century"),
        (2, "2nd century"),
        (11, "11th century"),
        (12, "12th century"),
        (21, "21st century"),
        (0, "1st century BCE"),
        (-4, "5th century BCE"),
    ],
)
def test_centuries_read_as_people_write_them(century: int, name: str) -> None:
    assert century_name(century) == name


def test_only_colours_with_values_are_offered(opened: OpenRun) -> None:
    assert {"given", "predicted", "quadrant", "loss", "artist"} <= set(list_colours(opened.table))
    undated = opened.table.assign(year=pd.array([None] * len(opened.table), dtype="Int16"))
    assert "century" not in list_colours(undated)
    assert "novelty" not in list_colours(opened.table.drop(columns="novelty"))


def test_hidden_classes_are_dropped(opened: OpenRun) -> None:
    table = opened.table
    rows = np.arange(0, len(table), 2)
    left = table.iloc[drop_hidden(table, rows, "given", ("Cubism",))]
    assert set(left["given"].dropna()) == set(table["given"].iloc[rows].dropna()) - {"Cubism"}
    assert len(drop_hidden(table, rows, "loss", ("Cubism",))) == len(rows)
    assert len(drop_hidden(table, rows, "century", ("--5", "-", "9" * 5))) == len(rows)
    others = drop_hidden(table, rows, "century", ("19",))
    is_nineteenth = table["year"].between(1801, 1900).fillna(False).to_numpy(dtype=bool)
    assert others.tolist() == rows[~is_nineteenth[rows]].tolist()


def test_a_mask_says_which_rows_are_left(opened: OpenRun) -> None:
    count = len(opened.table)
    assert mask_of(np.arange(count), count) is None
    mask = mask_of(np.array([2, 5]), count)
    assert mask is not None
    assert list(np.flatnonzero(mask)) == [2, 5]
