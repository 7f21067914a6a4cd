"""What pages tell the point cloud, and what they make of its answers."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components import point_cloud as cloud
from dashboard.components.point_cloud import ring_painting
from dashboard.runs.open_run import OpenRun
from dashboard.session import state
from tests.dashboard.pages import cards_of, decode_rows, open_page, text_of


def scene_of(app: AppTest) -> dict[str, Any]:
    """The data of the page's cloud."""
    protos = [element.proto for element in app.get("bidi_component")]
    sent = next(p for p in protos if p.component_name == "artextract_point_cloud")
    return dict(json.loads(sent.json))


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session's memory, as a plain dictionary."""
    memory: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", memory)
    return memory


@pytest.mark.usefixtures("root")
def test_a_page_sends_addresses_and_a_few_bytes() -> None:
    scene = scene_of(open_page("outliers"))
    assert scene["points"].startswith("/points/synthetic-1.bin?v=")
    assert (scene["layout"], scene["colour"]) == ("quadrants", "quadrant")
    assert scene["shown"] is None
    assert len(json.dumps(scene)) < 600


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("path", ["outliers", "map"])
def test_a_filter_is_sent_as_the_rows_it_keeps(path: str) -> None:
    app = open_page(path, given="Cubism")
    rows = decode_rows(scene_of(app)["shown"], 60)
    assert 0 < rows.sum() < 60
    assert f"{rows.sum()} painting" in text_of(app)


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    "colour", ["given", "predicted", "quadrant", "loss", "novelty", "genre", "century", "artist"]
)
def test_the_map_is_coloured_by_what_the_link_says(colour: str) -> None:
    assert scene_of(open_page("map", colour=colour))["colour"] == colour


@pytest.mark.usefixtures("root")
def test_a_colour_that_is_not_there_is_the_given_style() -> None:
    assert scene_of(open_page("map", colour="nonsense"))["colour"] == "given"


@pytest.mark.usefixtures("root")
def test_a_link_reopens_outlines_lines_and_hidden_classes() -> None:
    app = open_page(
        "outliers", area="0,0;1,0;1,0.4", loss="0.5", confidence="0.25", hidden="typical"
    )
    scene = scene_of(app)
    assert scene["outlines"] == "0,0;1,0;1,0.4"
    assert scene["thresholds"] == [0.5, 0.25]
    assert scene["hidden"] == ["typical"]


@pytest.mark.usefixtures("root")
def test_hidden_classes_leave_the_gallery_too() -> None:
    everything, less = open_page("map"), open_page("map", hidden=["Cubism", "Baroque"])
    assert "60 paintings" in text_of(everything)
    assert "60 paintings" not in text_of(less)
    assert "Labelled Cubism" not in text_of(less)
    assert cards_of(less)


@pytest.mark.usefixtures("root")
def test_the_open_painting_is_ringed(opened: OpenRun) -> None:
    key = str(opened.table.loc[0, "key"])
    rings = scene_of(open_page("map", painting=key))["rings"]
    assert [ring[3] for ring in rings] == ["open"]
    assert scene_of(open_page("map"))["rings"] == []


def test_a_painting_without_a_place_has_no_ring(opened: OpenRun) -> None:
    assert len(ring_painting(opened, 0, "map")) == 1
    opened.table.loc[0, "loss"] = np.nan
    assert ring_painting(opened, 0, "quadrants") == ()


@pytest.mark.usefixtures("held")
def test_an_outline_from_the_browser_becomes_part_of_the_state() -> None:
    cloud._take_outlines("map", "0,0;1.23456789,0;1,1|broken;9")
    assert state.current().region == "0,0;1.2346,0;1,1"
    cloud._take_outlines("map", "")
    assert state.current().region == ""


def test_lines_from_the_browser_move_the_sliders(held: dict[str, Any]) -> None:
    held["widget.loss"] = 1.0
    cloud._take_thresholds([2.3456, 0.5])
    assert (state.current().loss, state.current().confidence) == (2.35, 0.5)
    assert "widget.loss" not in held


@pytest.mark.usefixtures("held")
def test_a_clicked_row_opens_its_painting(opened: OpenRun) -> None:
    cloud._open_row(opened, 7)
    assert state.current().painting == opened.table.loc[7, "key"]


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("row", [-1, 60, "7", None, 1.5])
def test_what_is_no_row_opens_nothing(opened: OpenRun, row: Any) -> None:
    cloud._open_row(opened, row)
    assert state.current().painting == ""


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    "thresholds", ["high", [1.0], [None, 2], [float("nan"), 0.5], [1, float("inf")]]
)
def test_what_are_no_thresholds_moves_nothing(thresholds: Any) -> None:
    cloud._take_thresholds(thresholds)
    assert state.current().loss is None


@pytest.mark.usefixtures("root")
def test_a_browser_without_webgl_gets_a_picture() -> None:
    app = open_page("map")
    assert "picture" not in scene_of(app)
    app.session_state[cloud._NO_WEBGL] = True
    app.run()
    assert scene_of(app)["picture"].startswith("data:image/png;base64,")
