"""Named sets on the pages: saved, opened by a link, filtered by, exported."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from core.artifacts import Run
from core.reviews import ReviewLog
from dashboard.components.downloads import draw_up_list
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.runs.verdict_columns import add_sets
from tests.dashboard.pages import cards_of, open_as, open_menu, open_page, press, text_of


@pytest.mark.parametrize("path", ["outliers", "map"])
def test_a_filtered_list_is_saved_signed_and_opened_by_its_link(log: ReviewLog, path: str) -> None:
    app = open_menu(open_page(path, given="Cubism", order="year"), "save-set.menu")
    shown = cards_of(app)
    app.text_input(key="save-set.name").set_value("Cubist doubts")
    app.text_input(key="save-set.reviewer").set_value("Ada")
    press(app, f"Save {shown}\u00a0paintings")
    (made,) = log.sets.load()
    assert (made.name, made.reviewer, made.run_id) == ("Cubist doubts", "Ada", "synthetic-1")
    assert len(made.keys) == shown
    assert all(key.startswith("Cubism/") for key in made.keys)
    again = open_page(path, set=made.id)
    assert cards_of(again) == shown
    assert again.multiselect(key="widget.set").value == [made.id]
    assert again.query_params["set"] == made.id


def test_a_set_keeps_the_order_of_its_list(log: ReviewLog, run: Run) -> None:
    app = open_as("Ada", "outliers", order="year", given="Cubism")
    open_menu(app, "save-set.menu")
    app.text_input(key="save-set.name").set_value("By year")
    press(app, next(b.label for b in app.button if b.label.startswith("Save ")))
    (made,) = log.sets.load()
    years = run.paintings.set_index("key")["year"][list(made.keys)].dropna()
    assert years.is_monotonic_increasing


def test_what_cannot_be_saved_is_said(log: ReviewLog, keys: list[str]) -> None:
    log.sets.save("Doubts", keys[:2], "Bo", "synthetic-1")
    app = open_menu(open_as("Ada", "outliers"), "save-set.menu")
    app.text_input(key="save-set.name").set_value("doubts")
    press(app, "Save 60\u00a0paintings")
    assert "Two sets cannot have one name" in app.error[0].value
    assert len(log.sets.load()) == 1


def test_sets_add_up_and_other_filters_narrow_them(log: ReviewLog, keys: list[str]) -> None:
    one = log.sets.save("One", keys[:5], "Ada", "synthetic-1")
    two = log.sets.save("Two", keys[3:9], "Ada", "synthetic-1")
    assert cards_of(open_page("outliers", set=[one.id, two.id])) == 9
    style = keys[0].split("/")[0]
    narrowed = open_page("outliers", set=one.id, given=style)
    assert cards_of(narrowed) == sum(key.startswith(f"{style}/") for key in keys[:5])
    options = narrowed.multiselect(key="widget.set").options
    assert [label.split("\u2002")[0] for label in options] == ["Two", "One"]


def test_paintings_that_this_run_lacks_are_counted(log: ReviewLog, keys: list[str]) -> None:
    made = log.sets.save("Doubts", ["gone.jpg", *keys[:3], "lost.jpg"], "Ada", "elsewhere")
    app = open_page("outliers", set=made.id)
    assert cards_of(app) == 3
    said = [caption.value for caption in app.sidebar.caption]
    assert said == ["Doubts: 2\u00a0paintings not in this run."]
    assert "5 paintings; 2 of them are not in this run" in text_of(open_page("sets"))


def test_a_set_of_which_nothing_is_here_shows_nothing_and_says_so(log: ReviewLog) -> None:
    made = log.sets.save("Elsewhere", ["gone.jpg"], "Ada", "elsewhere")
    app = open_page("outliers", set=made.id)
    assert cards_of(app) == 0
    assert "Without the filter on <b>Set</b>: 60 paintings" in text_of(app)


def test_a_link_to_a_deleted_set_says_so_and_shows_everything(
    log: ReviewLog, keys: list[str]
) -> None:
    made, _ = (log.sets.save(name, keys[:3], "Ada", "synthetic-1") for name in ("One", "Two"))
    log.sets.delete(made.id, "Ada")
    app = open_page("outliers", set=made.id)
    assert "is not, or no longer, here" in app.toast[0].value
    assert cards_of(app) == 24
    assert "set" not in app.query_params


def test_a_sets_file_holds_all_its_paintings(
    log: ReviewLog, opened: OpenRun, keys: list[str]
) -> None:
    seen = review_cache.load_seen(opened, log, None)
    content = draw_up_list(opened.run, np.array([2, 0]), ["gone.jpg"], None, seen, "csv")
    listed = pd.read_csv(io.BytesIO(content))
    assert listed["key"].tolist() == [keys[2], keys[0], "gone.jpg"]


def test_paintings_know_their_sets(log: ReviewLog, run: Run, keys: list[str]) -> None:
    one = log.sets.save("One", keys[:2], "Ada", "r")
    two = log.sets.save("Two", keys[1:3], "Ada", "r")
    nothing = log.sets.save("Nothing", ["gone"], "Ada", "r")
    column = add_sets(run.paintings, [one, two, nothing])["sets"]
    assert column.iloc[:3].tolist() == [one.id, f"{one.id} {two.id}", two.id]
    assert column.iloc[3:].isna().all()
    assert nothing.id in column.cat.categories
    assert add_sets(run.paintings, [])["sets"].isna().all()
