"""One way from a link to its paintings: every page's list, held against a plain reading of it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.runs.open_run import OpenRun
from dashboard.selection.layout import Layout
from dashboard.selection.order import ORDERS
from dashboard.selection.select import select
from dashboard.selection.state import State

STYLES = ("Baroque", "Cubism", "Impressionism")
SQUARES = {"quadrants": "0.3,0.2;0.9,0.2;0.9,4;0.3,4", "map": "-5,-5;1,-5;1,5;-5,5"}
FIELDS: dict[Layout, str] = {"quadrants": "area", "map": "region"}
states = st.builds(
    State,
    filters=st.fixed_dictionaries(
        {}, optional={"given": st.lists(st.sampled_from(STYLES)).map(tuple)}
    ),
    loss=st.none() | st.floats(0, 4),
    confidence=st.none() | st.floats(0, 1),
    order=st.sampled_from([*ORDERS, "no such order"]),
    colour=st.sampled_from(["given", "predicted", "no such colour"]),
    hidden=st.lists(st.sampled_from([*STYLES, "typical", "hard example"])).map(tuple),
    area=st.sampled_from(["", SQUARES["quadrants"], "unreadable"]),
    region=st.sampled_from(["", SQUARES["map"]]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=states, layout=st.sampled_from([None, "quadrants", "map"]))
def test_a_link_shows_what_it_says(opened: OpenRun, state: State, layout: Layout | None) -> None:
    found = select(opened, state, layout)
    table = found.table
    kept = table["given"].isin(state.filters["given"]) if state.filters.get("given") else True
    assert found.shown.tolist() == np.flatnonzero(np.ones(len(table), dtype=bool) & kept).tolist()
    assert set(found.rows) <= set(found.shown)
    expected = found.shown
    if layout:
        column = "quadrant" if layout == "quadrants" else found.colour
        off = table[column].astype("object").isin(state.hidden).to_numpy()
        expected = expected[~off[expected]]
        outline = getattr(state, FIELDS[layout])
        assert found.is_outlined == (outline in SQUARES.values())
        if found.is_outlined:
            x, y = ("confidence", "loss") if layout == "quadrants" else ("x", "y")
            corners = np.array([corner.split(",") for corner in outline.split(";")], dtype=float)
            (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
            places = table.loc[expected]
            within = places[x].between(left, right) & places[y].between(low, high)
            expected = expected[within.to_numpy(dtype=bool)]
    assert sorted(found.rows) == sorted(expected)


@pytest.mark.parametrize("order", list(ORDERS))
def test_paintings_come_in_the_order_of_the_link(opened: OpenRun, order: str) -> None:
    found = select(opened, State(order=order), "map")
    assert found.rows.tolist() == opened.order(order)[: len(found.rows)].tolist()
    assert len(found.rows) == len(opened.table)


def test_lines_of_the_link_move_the_quadrants(opened: OpenRun) -> None:
    assert select(opened, State()).table is opened.table
    moved = select(opened, State(loss=0.0, confidence=0.0))
    assert set(moved.table["quadrant"]) == {"genuine outlier", "typical"}
    assert moved.thresholds == (0.0, 0.0)


def test_an_order_is_sorted_once_whatever_reviewers_say(opened: OpenRun) -> None:
    assert opened.order("loss") is opened.order("loss")
    assert opened.order("nothing of the kind") is opened.order("score")
