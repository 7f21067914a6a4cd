"""From one picture to those most like it: the link, and the way back."""

from __future__ import annotations

import numpy as np
import pytest

from core.artifacts import Run
from dashboard.selection.likeness import parse_alike
from tests.dashboard.pages import cards_of, open_page, press, text_of

pytestmark = pytest.mark.usefixtures("root")


def find_by_hand(run: Run, row: int) -> list[int]:
    order = np.argsort(-(run.embeddings @ run.embeddings[row]), kind="stable")
    return [int(each) for each in order]


def test_a_paintings_page_opens_those_most_like_it(run: Run) -> None:
    key = str(run.paintings.at[7, "key"])
    app = press(open_page("painting", painting=key, given="Cubism"), "Find more like this")
    alike = parse_alike([str(app.query_params["like"])], len(run))
    assert alike.tolist() == find_by_hand(run, 7)
    assert app.query_params["order"] == "likeness"
    assert app.query_params["focus"] == key
    assert "given" not in app.query_params


def test_the_map_shows_them_and_leads_back() -> None:
    app = open_page("map", like="7.3.41", order="likeness")
    assert cards_of(app) == 3
    assert text_of(app).index("Painting 7") < text_of(app).index("Painting 3<")
    assert app.selectbox(key="widget.order").value == "likeness"
    press(app, "Show all again")
    assert "like" not in app.query_params
    assert "order" not in app.query_params
    assert cards_of(app) == 24


def test_a_link_to_rows_that_are_not_here_shows_everything() -> None:
    app = open_page("outliers", like="900.901", order="likeness")
    assert "like" not in app.query_params
    assert cards_of(app) == 24


def test_rows_of_one_run_are_not_taken_to_another() -> None:
    app = open_page("outliers", run="gone", like="7.3")
    assert "like" not in app.query_params
