"""A painting's page, and the list that it was opened from."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from core.artifacts import Run, open_run
from core.classify import Classifier
from core.findings.labels.reasons import tell
from core.reviews import ReviewLog
from core.text import class_name
from dashboard.components import explanation
from dashboard.runs import model_cache
from dashboard.runs.open_run import OpenRun
from dashboard.views.painting import page
from dashboard.words import plain
from tests.dashboard.pages import (
    cards_of,
    key_of_first_card,
    open_as,
    open_page,
    rerun,
    text_of,
)
from tests.reviews.conftest import say
from tests.synthetic_run import CLASSES, build_run


@pytest.mark.usefixtures("log")
def test_a_label_to_judge_is_never_read_as_markdown(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = "*Dada* [x](http://y)"
    monkeypatch.setitem(CLASSES, "style", tuple(sorted((*CLASSES["style"][1:], odd))))
    paintings = open_run(build_run(root, "synthetic-2")).paintings
    key = str(paintings["key"][paintings["given_style"] == odd].iloc[0])
    app = open_as("Ada", "painting", painting=key, run="synthetic-2")
    labels = next(each for each in app.segmented_control if each.label == "Label to judge")
    assert f"Style: {plain(odd)}" in labels.options


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("path", ["", "outliers", "map", "classify"])
def test_the_painting_of_a_link_to_any_page_opens_on_its_own(path: str) -> None:
    key = key_of_first_card(open_page("outliers", order="artist"))
    app = open_page(path, painting=key)
    text = text_of(app)
    assert "Most similar paintings" in text
    assert "By the same artist" in text
    assert app.query_params["painting"] == key
    assert app.query_params["origin"] == (path or "overview")


@pytest.mark.usefixtures("root")
def test_a_painting_says_all_that_was_found(root: Path) -> None:
    run = open_run(root / "synthetic-1")
    row = int(run.reasons["row"].value_counts().index[0])
    text = text_of(open_page("painting", painting=str(run.paintings.at[row, "key"])))
    told = tell(run.read_reasons([row])[0])
    assert len(told.lines) > 2
    for line in (*told.against, *told.favour):
        assert escape(line).replace("\u00a0", " ") in text
    for heading in ("Model answers", "During training", "On the style map"):
        assert heading in text
    assert len(app_tasks(text)) == 3


@pytest.mark.usefixtures("root")
def test_a_painting_says_where_its_picture_is_from_and_the_rights(root: Path) -> None:
    keys = open_run(root / "synthetic-1").paintings["key"]
    text = text_of(open_page("painting", painting=str(keys[4])))
    assert 'href="https://museum.example/4?a=1&amp;b=2"' in text
    assert "Rights: CC0 &lt;public domain&gt;" in text
    assert "Rights:" not in text_of(open_page("painting", painting=str(keys[5])))


@pytest.mark.usefixtures("root")
def test_all_works_of_the_artist_are_all_whatever_the_list_before_was(root: Path) -> None:
    run = open_run(root / "synthetic-1")
    key = run.paintings["key"][run.paintings["artist"].duplicated()].iloc[0]
    text = text_of(
        open_page("painting", painting=key, area="0,0;1,0;1,1", loss="0.5", given=["Cubism"])
    )
    address = re.search(r'href="(outliers[^"]*)"[^>]*>All works by', text)
    assert address is not None
    params = parse_qs(urlsplit(unescape(address[1])).query)
    assert set(params) <= {"run", "artist"}


def app_tasks(text: str) -> list[str]:
    return [name for name in ("Style", "Artist", "Genre") if f"<h3>{name}</h3>" in text]


def test_a_painting_asks_no_model_until_it_is_wanted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Run] = []
    load = model_cache.load_classifier

    def count(run: Run) -> Classifier:
        asked.append(run)
        return load(run)

    monkeypatch.setattr(explanation, "load_classifier", count)
    key = str(open_run(root / "synthetic-1").paintings.at[0, "key"])
    app = open_page("painting", painting=key)
    assert not asked
    app.toggle(key="explain.painting.0").set_value(True)
    rerun(app)
    assert len(asked) == 1


def test_the_layer_says_whose_answer_it_explains(root: Path) -> None:
    """And where the published model sees another style than the page does, both are named."""
    run = open_run(root / "synthetic-1")
    classifier, predicted = Classifier(run), run.predictions("style")["predicted"].astype(str)
    classes = np.array(run.classes("style"))
    seen = {
        row: classes[classifier.classify(run.load_image(row)).probabilities["style"].argmax()]
        for row in range(20)
    }
    other = next(row for row, style in seen.items() if style != predicted[row])
    app = open_page("painting", painting=str(run.paintings.at[other, "key"]))
    app.toggle(key=f"explain.painting.{other}").set_value(True)
    rerun(app)
    text = text_of(app)
    assert "This explains the published model" in text
    assert f"<b>It sees {class_name(seen[other])}" in text
    assert f"sees {class_name(predicted[other])}.</b>" in text


def test_a_layer_that_explains_the_answer_of_the_page_says_so() -> None:
    assert explanation.compare_answers("Pop_Art", "Pop_Art") == (
        "This explains the published model, which has learned from this painting. It sees Pop Art, "
        "and so does the model that has not."
    )


@pytest.mark.usefixtures("root")
def test_what_the_published_model_shows_is_named_as_its_own() -> None:
    text = text_of(open_page("painting", painting=key_of_first_card(open_page("outliers"))))
    assert "By the published model, most similar first." in text
    assert "these need not be the works that are counted" in text
    assert "among all paintings of the collection, by the published model" in text


def test_the_works_that_a_sentence_counts_are_shown(root: Path) -> None:
    """In order, and as many of each style as the sentence says."""
    run = open_run(root / "synthetic-1")
    row, told = next(
        (row, reason.values)
        for row, reasons in enumerate(run.read_reasons(np.arange(len(run))))
        for reason in reasons
        if reason.kind == "neighbours"
    )
    assert run.counted_neighbours is not None
    counted = [number for number in run.counted_neighbours[row] if number >= 0]
    labels = run.paintings["given_style"].to_numpy(dtype=object)[counted]
    assert np.mean(labels == told["given"]) == pytest.approx(told["given_share"], abs=1e-6)
    assert np.mean(labels == told["other"]) == pytest.approx(told["other_share"], abs=1e-6)
    text = text_of(open_page("painting", painting=str(run.paintings.at[row, "key"])))
    shown = text.split("Nearest works out of fold")[1].split("Most similar paintings")[0]
    assert f"The {len(counted)} works counted in the reason above" in shown
    images = re.findall(r"/images/synthetic-1/(\d+)/", shown)
    assert list(dict.fromkeys(map(int, images))) == counted


def test_a_run_that_did_not_keep_them_shows_none(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = str(open_run(root / "synthetic-1").paintings.at[0, "key"])
    monkeypatch.setattr(Run, "counted_neighbours", None)
    assert "Nearest works out of fold" not in text_of(open_page("painting", painting=key))


@pytest.mark.usefixtures("root")
def test_a_painting_shows_its_copies() -> None:
    app = open_page("outliers", duplicates="copies")
    assert cards_of(app) == 2
    assert "Copies of this picture" in text_of(
        open_page("painting", painting=key_of_first_card(app))
    )


@pytest.mark.usefixtures("root")
def test_next_and_previous_walk_the_list_that_the_painting_was_opened_from() -> None:
    listed = open_page("outliers", given="Cubism", order="year")
    works = cards_of(listed)
    app = open_page(
        "painting",
        given="Cubism",
        order="year",
        origin="outliers",
        painting=key_of_first_card(listed),
    )
    assert f"1 of {works}" in text_of(app)
    assert app.button(key="previous").disabled
    seen = [app.query_params["painting"]]
    while not app.button(key="next").disabled:
        app.button(key="next").click()
        rerun(app)
        seen.append(app.query_params["painting"])
    assert len(set(seen)) == len(seen) == works
    app.button(key="previous").click()
    assert rerun(app).query_params["painting"] == seen[-2]


@pytest.mark.usefixtures("root")
def test_a_painting_outside_its_list_has_no_neighbours_in_it() -> None:
    key = key_of_first_card(open_page("outliers", given="Cubism"))
    app = open_page("painting", painting=key, given="Baroque", origin="outliers")
    assert app.button(key="next").disabled
    assert app.button(key="previous").disabled


@pytest.mark.usefixtures("root")
def test_a_painting_that_is_not_here_is_said() -> None:
    text = text_of(open_page("outliers", painting="<nowhere>.jpg"))
    assert "Painting not found" in text
    assert "&lt;nowhere&gt;.jpg" in text


def test_a_work_under_reserve_is_linked_to_the_artist_and_nobodys_to_none(
    opened: OpenRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = opened.table
    rows = np.flatnonzero((table["artist"] == "Rembrandt").to_numpy())
    table["artist"] = table["artist"].astype("object")
    table.loc[rows[0], "artist"] = "Workshop of Rembrandt"
    table.loc[[2, 5], "artist"] = "Dutch School"
    said: list[str] = []
    monkeypatch.setattr(page, "render_section", lambda title, note="": said.append(title))
    monkeypatch.setattr(page, "render_labelled", lambda *_: None)
    works = f"{len(rows) - 1}\u00a0work"
    page._render_fellows(OpenRun(opened.run, table), int(rows[0]))
    assert said[0].startswith(f"By Rembrandt without reserve: {works}")
    page._render_fellows(OpenRun(opened.run, table), 2)
    assert len(said) == 1


def test_a_verdict_follows_a_painting_that_was_renamed(
    log: ReviewLog, run: Run, labels: dict[str, str]
) -> None:
    painting = run.paintings.drop_duplicates("content_hash", keep=False).iloc[0]
    key, content = str(painting["key"]), str(painting["content_hash"])
    judged = say("Former/name.jpg", "wrong", "Bo", content_hash=content, given=labels[key])
    log.record([judged])
    assert "Wrong label" in text_of(open_as("Bo", "painting", painting=key))
    assert "1 verdict by other reviewers is hidden" in text_of(
        open_as("Ada", "painting", painting=key)
    )
    (listed,) = open_as("Bo", "reviews", section="verdicts").dataframe
    assert listed.value["Painting"].tolist() == [key]
    log.take_back("Bo", [judged.id])
    assert "Undone" in text_of(open_as("Bo", "painting", painting=key))
