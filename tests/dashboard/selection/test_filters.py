"""Filters, order, pages and outlines."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.runs.open_run import OpenRun
from dashboard.selection.facets import FACETS
from dashboard.selection.filters import describe_filters, place_quadrants
from dashboard.selection.likeness import LIKENESS
from dashboard.selection.order import (
    ORDERS,
    count_gallery_pages,
    keep_order,
    order_paintings,
    take_gallery_page,
)
from dashboard.selection.outlines import (
    MAX_CORNERS,
    MAX_DRAWN,
    MAX_OUTLINES,
    format_outlines,
    inside,
    is_too_much,
    parse_outlines,
)

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def test_filters_read_as_words(opened: OpenRun) -> None:
    filters = {"given": ("Post_Impressionism", "Cubism"), "years": ("1880..1910",), "genre": ()}
    words = describe_filters(opened.table, filters, {})
    assert words == "Given style: Post-Impressionism, Cubism; Years: 1880 to 1910"


@pytest.mark.parametrize("order", [name for name in ORDERS if name != LIKENESS])
def test_every_order_sorts_and_puts_the_unknown_last(opened: OpenRun, order: str) -> None:
    chosen = ORDERS[order]
    table = opened.table.assign(novelty=opened.table["entropy"].where(opened.table.index % 5 > 0))
    values = table[chosen.column].iloc[order_paintings(table, order)]
    known = values.dropna().astype(str if chosen.column == "artist" else float)
    assert values.iloc[len(known) :].isna().all()
    assert known.is_monotonic_increasing if chosen.ascending else known.is_monotonic_decreasing


@given(st.permutations(range(9)), st.sets(st.integers(0, 8)))
def test_rows_come_in_the_order_of_all(order: list[int], rows: set[int]) -> None:
    kept = keep_order(np.array(order), np.array(sorted(rows), dtype=int))
    assert kept.tolist() == [row for row in order if row in rows]


def test_pages_cover_every_painting_once(opened: OpenRun) -> None:
    positions = order_paintings(opened.table, "score")
    sheets = count_gallery_pages(len(positions), 7)
    seen = [
        place for sheet in range(1, sheets + 1) for place in take_gallery_page(positions, sheet, 7)
    ]
    assert seen == positions.tolist()
    assert take_gallery_page(positions, 99, 7).tolist() == seen[(sheets - 1) * 7 :]
    assert not len(take_gallery_page(positions[:0], 1, 7))


def test_the_runs_own_lines_give_the_runs_own_quadrants(opened: OpenRun) -> None:
    lines = opened.run.manifest.thresholds
    placed = place_quadrants(opened.table, lines.loss, lines.confidence)
    # The stored loss is float32: a painting on the line may fall either way.
    assert (placed["quadrant"] == opened.table["quadrant"]).mean() > 0.95
    assert opened.place_quadrants((lines.loss, lines.confidence)) is opened.table
    low = {"uncertain but right", "leans elsewhere"}
    assert set(opened.place_quadrants((99.0, 1.1))["quadrant"]) == low


def test_moving_the_lines_moves_paintings(opened: OpenRun) -> None:
    agrees = opened.table["given"].astype(str) == opened.table["predicted"].astype(str)
    low = place_quadrants(opened.table, 0.0, 0.0)["quadrant"]
    assert set(low[agrees]) == {"typical"}
    assert set(low[~agrees]) == {"genuine outlier"}
    hesitant = place_quadrants(opened.table, 99.0, 1.1)["quadrant"]
    assert set(hesitant[agrees]) == {"uncertain but right"}
    assert set(hesitant[~agrees]) == {"leans elsewhere"}


def test_a_painting_without_a_label_is_in_no_quadrant(opened: OpenRun) -> None:
    table = opened.table.head(3).assign(
        loss=[np.nan, np.nan, 1.0],
        given=pd.array([None, "Cubism", "Cubism"], dtype="str"),
        predicted=pd.array(["Baroque"] * 3, dtype="str"),
    )
    placed = place_quadrants(table, 0.5, 0.0)["quadrant"]
    assert placed.tolist() == ["unlabelled", "not judged", "genuine outlier"]


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=1, max_size=20))
def test_a_square_holds_what_lies_in_it(points: list[tuple[float, float]]) -> None:
    x, y = np.array(points).T
    strictly = (x > 0) & (x < 1) & (y > 0) & (y < 1)
    outside = (x < 0) | (x > 1) | (y < 0) | (y > 1)
    found = inside([SQUARE], x, y)
    assert found[strictly].all()
    assert not found[outside].any()


def test_a_concave_outline_leaves_its_notch_out() -> None:
    notch = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 0.5), (0.0, 2.0))
    assert list(inside([notch], np.array([1.0, 0.2]), np.array([1.5, 1.0]))) == [False, True]


def test_outlines_survive_a_link() -> None:
    outlines = (SQUARE, ((2.5, 2.5), (3.0, 2.5), (3.0, 3.0)))
    assert parse_outlines(format_outlines(outlines)) == outlines


def test_a_long_lasso_is_thinned_to_fit_a_link() -> None:
    angles = np.linspace(0, 2 * np.pi, 900, endpoint=False)
    circle = tuple(zip(np.cos(angles).tolist(), np.sin(angles).tolist(), strict=True))
    text = format_outlines([circle])
    assert len(text) < 900
    assert inside(parse_outlines(text), np.array([0.0, 0.98]), np.array([0.0, 0.0])).all()


@pytest.mark.parametrize("text", ["", "1,2", "a,b;c,d;e,f", "1;2;3", "nan,1;2,2;3,3", "|;|,"])
def test_what_is_no_outline_is_left_out(text: str) -> None:
    assert parse_outlines(text) == ()


def test_outlines_without_an_end_cost_nothing() -> None:
    corners = ";".join(f"{n % 7},{n % 11}" for n in range(4_000))
    (outline,) = parse_outlines(corners)
    assert len(outline) <= MAX_CORNERS
    many = "|".join(["0,0;1,0;1,1"] * (MAX_OUTLINES + 1))
    for text in (corners * 10, many, "1" * MAX_DRAWN * 2):
        assert is_too_much(text)
        assert parse_outlines(text) == ()
    most = "|".join(["0,0;1,0;1,1"] * MAX_OUTLINES)
    assert len(parse_outlines(most)) == MAX_OUTLINES


@pytest.mark.parametrize("corner", ["nan,0", "inf,0", "1e9,0", "1e999,1", "0", "0,0,0", "a,b"])
def test_a_corner_that_is_none_leaves_its_outline_out(corner: str) -> None:
    assert parse_outlines(f"0,0;1,0;{corner}|0,0;1,0;1,1") == (((0, 0), (1, 0), (1, 1)),)


def test_a_search_looks_for_a_bounded_number_of_words() -> None:
    table = pd.DataFrame({"searched": ["ab cd"]}).astype("str")
    assert FACETS["text"].keep(table, (" ".join(["ab", "cd"] * 40_000),)).all()
    assert not FACETS["text"].keep(table, ("ab xy",)).any()
