"""Every page on the synthetic run, and the pages that stand where there is no run to show."""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import ExitStack
from html import escape, unescape
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.artifacts import Run, open_run
from core.classify.service import PLACES
from dashboard import data, home, uploads
from dashboard.settings import ARTIFACTS
from tests.dashboard.conftest import make_broken, make_old
from tests.synthetic_run import build_run

HOME = str(Path(home.__file__).resolve())


def open_page(path: str = "", **params: str | list[str]) -> AppTest:
    """The page at ``path``, opened by a link with ``params``."""
    app = AppTest.from_file(HOME, default_timeout=60)
    if path:
        # AppTest can only switch to pages that are files of their own.
        app._page_hash = calc_hash(path)
    for name, value in params.items():
        app.query_params[name] = value
    return rerun(app)


def rerun(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html")).replace("\u00a0", " ")


def cards_of(app: AppTest) -> int:
    return text_of(app).count('<article class="ae-card">')


@pytest.mark.usefixtures("root")
def test_overview_says_what_is_there_and_how_good_the_model_is() -> None:
    app = open_page()
    text = text_of(app)
    assert "60 paintings by 8 artists in 5 styles" in text
    assert "artist majority" in text
    assert "How good is the model?" in text
    mistake = re.search(r'<a href="outliers\?([^"]+)" data-inside>[^<]+ for', text)
    assert mistake
    assert {"given", "predicted"} <= set(parse_qs(unescape(mistake[1])))
    assert len(app.dataframe[0].value) == 5
    assert "x/bad.jpg" in text
    assert "One file was left out." in text


@pytest.mark.usefixtures("root")
def test_overview_answers_for_another_task() -> None:
    app = open_page(task="genre")
    assert len(app.dataframe[0].value) == 2
    assert "The genres one by one" in text_of(app)


@pytest.mark.usefixtures("root")
def test_outliers_shows_pictures_worst_first() -> None:
    app = open_page("outliers")
    assert "60 paintings" in text_of(app)
    assert cards_of(app) == 24
    assert app.query_params["run"] == "synthetic-1"


@pytest.mark.usefixtures("root")
def test_a_filter_narrows_the_gallery_and_goes_to_the_address() -> None:
    app = open_page("outliers")
    app.multiselect(key="widget.given").set_value(["Cubism"])
    rerun(app)
    shown = cards_of(app)
    assert 0 < shown < 24
    assert app.query_params["given"] == "Cubism"
    assert "Labelled Baroque" not in text_of(app)
    app.button[0].click()
    rerun(app)
    assert "given" not in app.query_params
    assert cards_of(app) == 24


@pytest.mark.usefixtures("root")
def test_a_link_reopens_filters_lines_order_and_sheet() -> None:
    app = open_page(
        "outliers", given=["Cubism", "Baroque"], loss="0.5", order="artist", confidence="0.25"
    )
    assert app.multiselect(key="widget.given").value == ["Cubism", "Baroque"]
    assert app.slider(key="widget.loss").value == 0.5
    assert app.slider(key="widget.confidence").value == 0.25
    assert app.selectbox(key="widget.order").value == "artist"


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(("sheet", "place"), [("2", "25 to 48 of 60"), ("99", "49 to 60 of 60")])
def test_a_link_reopens_its_sheet_of_the_gallery(sheet: str, place: str) -> None:
    assert place in text_of(open_page("outliers", sheet=sheet))


@pytest.mark.usefixtures("root")
def test_a_filter_leads_back_to_the_first_sheet() -> None:
    app = open_page("outliers", sheet="2")
    app.pills(key="widget.quadrant").set_value(["typical", "hard example"])
    assert "sheet" not in rerun(app).query_params


@pytest.mark.usefixtures("root")
def test_counts_beside_the_filters_follow_the_other_filters() -> None:
    app = open_page("outliers", given="Cubism")
    options = app.pills(key="widget.quadrant").options
    counts = [int(option.rpartition("·")[2]) for option in options]
    assert sum(counts) == cards_of(app)
    app.pills(key="widget.quadrant").set_value(["typical"])
    given = rerun(app).multiselect(key="widget.given")
    assert given.value == ["Cubism"]
    assert f"Cubism\u2002·\u2002{cards_of(app)}" in given.options


@pytest.mark.usefixtures("root")
def test_years_are_a_range_that_can_keep_the_undated() -> None:
    app = open_page("outliers")
    app.slider(key="widget.years").set_value((1801, 1810))
    assert rerun(app).query_params["years"] == "..1810"
    dated = cards_of(app)
    app.checkbox(key="widget.years.unknown").check()
    assert rerun(app).query_params["years"] == ["..1810", "unknown"]
    assert cards_of(app) == dated + 9  # every seventh of 60 is undated
    app.button[0].click()
    assert "years" not in rerun(app).query_params
    assert app.slider(key="widget.years").value == (1801, 1859)


@pytest.mark.usefixtures("root")
def test_a_search_finds_titles_and_artists() -> None:
    app = open_page("outliers")
    app.text_input(key="widget.text").set_value("PAINTING pollóck")
    text = text_of(rerun(app))
    assert app.query_params["text"] == "PAINTING pollóck"
    assert "Jackson Pollock" in text
    assert "Rembrandt" not in text


@pytest.mark.usefixtures("root")
def test_a_link_to_a_style_that_is_not_here_shows_everything() -> None:
    app = open_page("outliers", given=["Rococo", "Cubism"], artist="Nobody")
    assert app.multiselect(key="widget.given").value == ["Cubism"]
    assert "artist" not in app.query_params


@pytest.mark.usefixtures("root")
def test_lines_that_were_moved_can_be_reset() -> None:
    app = open_page("outliers", loss="0.5")
    reset = next(button for button in app.button if button.label == "Reset lines")
    reset.click()
    rerun(app)
    assert "loss" not in app.query_params
    assert all(button.label != "Reset lines" for button in app.button)


@pytest.mark.usefixtures("root")
def test_an_outline_in_a_link_selects_paintings() -> None:
    app = open_page("outliers", area="0,0;2,0;2,0.4;0,0.4")
    assert "in the selection" in text_of(app)
    assert 0 < cards_of(app) <= 24
    nothing = open_page("outliers", area="5,5;6,5;6,6")
    assert "No painting lies inside" in nothing.info[0].value


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("path", ["outliers", "map"])
def test_an_empty_page_says_what_to_relax(path: str) -> None:
    app = open_page(path, given="Cubism", quadrant="genuine outlier", artist="Rembrandt")
    if cards_of(app):
        app = open_page(path, given="Cubism", predicted="Cubism", quadrant="genuine outlier")
    text = text_of(app)
    assert "Nothing to show" in text
    assert "Without the filter on" in text


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("colour", ["given", "predicted", "quadrant", "nonsense"])
def test_the_map_opens_in_every_colour(colour: str) -> None:
    assert cards_of(open_page("map", colour=colour)) == 24


def key_of_first_card(app: AppTest) -> str:
    address = re.search(r'<a href="painting\?([^"]+)" data-inside>', text_of(app))
    assert address
    return parse_qs(unescape(address[1]))["painting"][0]


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("path", ["", "outliers", "map", "classify"])
def test_the_painting_of_a_link_to_any_page_opens_on_its_own(path: str) -> None:
    key = key_of_first_card(open_page("outliers", order="artist"))
    app = open_page(path, painting=key)
    text = text_of(app)
    assert "Nearest paintings" in text
    assert "By the same artist" in text
    assert app.query_params["painting"] == key
    assert app.query_params["origin"] == (path or "overview")


@pytest.mark.usefixtures("root")
def test_a_painting_says_all_that_was_found(root: Path) -> None:
    run = open_run(root / "synthetic-1")
    row = int(run.findings["reasons"].str.count("\n").argmax())
    text = text_of(open_page("painting", painting=run.paintings.loc[row, "key"]))
    for line in run.findings.loc[row, "reasons"].split("\n"):
        assert escape(line.removeprefix("But ")[1:]).replace("\u00a0", " ") in text
    for heading in ("What the model answers", "While the model learned", "On the style map"):
        assert heading in text
    assert len(app_tasks(text)) == 3


def app_tasks(text: str) -> list[str]:
    return [name for name in ("Style", "Artist", "Genre") if f"<h3>{name}</h3>" in text]


@pytest.mark.usefixtures("root")
def test_a_painting_shows_its_copies() -> None:
    app = open_page("outliers", duplicates="copies")
    assert cards_of(app) == 2
    assert "The same picture again" in text_of(
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
    assert "This painting is not here" in text
    assert "&lt;nowhere&gt;.jpg" in text


@pytest.mark.usefixtures("root")
def test_cases_stand_under_their_type_and_the_watched_come_first() -> None:
    text = text_of(open_page("cases"))
    watched, rest = text.split("The watch-list")[1].split("Likely mislabelled: 1 case")
    for sentence in ("Edward Hopper: no works in this", "Giotto: too few to say (n = 1)"):
        assert sentence in watched
    assert "Jackson Pollock" in watched
    assert "Mixed oeuvre: 2 cases" in rest
    assert "Moves between styles over the years." in rest
    assert "Overlapping labels: 3 cases" in rest
    assert "Cubism and Symbolism" in rest


def test_every_case_has_a_page(root: Path) -> None:
    for case in open_run(root / "synthetic-1").cases.to_dict("records"):
        text = text_of(open_page("cases", case=case["case"]))
        assert escape(case["sentence"]) in text


@pytest.mark.usefixtures("root")
def test_a_case_shows_its_works_in_time_order_beside_the_other_style() -> None:
    app = open_page("cases", case="artist:Hilma af Klint")
    text = text_of(app)
    works = text.split("The works in time order")[1].split("Side by side with Minimalism")[0]
    years = [int(year) for year in re.findall(r"Hilma af Klint, (\d{4})</div>", works)]
    assert years == sorted(years)
    assert len(years) > 3
    assert "alike" in text.split("Side by side with Minimalism")[1]
    app.button[0].click()
    assert "The watch-list" in text_of(rerun(app))


@pytest.mark.usefixtures("root")
def test_next_walks_the_works_of_a_case() -> None:
    case = "artist:Hilma af Klint"
    app = open_page(
        "painting",
        case=case,
        origin="cases",
        painting=key_of_first_card(open_page("cases", case=case)),
    )
    assert "1 of " in text_of(app)
    app.button(key="next").click()
    assert "Hilma af Klint" in text_of(rerun(app)).split("</h1>")[1]


@pytest.mark.usefixtures("root")
def test_a_case_that_is_not_here_is_said() -> None:
    app = open_page("cases", case="artist:Nobody")
    assert "not in this run" in app.toast[0].value
    assert "The watch-list" in text_of(app)


@pytest.mark.usefixtures("root")
def test_classify_answers_and_refuses() -> None:
    app = open_page("classify")
    assert "knows 5 styles" in app.caption[0].value.replace("\u00a0", " ")
    app.file_uploader[0].upload("no.jpg", b"not a picture", "image/jpeg")
    rerun(app)
    assert "This picture was refused" in text_of(app)


def test_classify_shows_what_the_graphs_say(root: Path) -> None:
    picture = next((root / "images").rglob("*.jpg")).read_bytes()
    app = open_page("classify")
    app.file_uploader[0].upload("painting.jpg", picture, "image/jpeg")
    rerun(app)
    text = text_of(app)
    assert "The model sees" in text
    assert "The paintings most like it" in text
    assert cards_of(app) == 12
    assert 'src="data:image/jpeg;base64,' in text


def test_a_busy_model_says_so_and_answers_once_it_is_free(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0.01)
    picture = next((root / "images").rglob("*.jpg")).read_bytes()
    app = open_page("classify")
    with ExitStack() as others:
        for _ in range(PLACES):
            others.enter_context(data.load_service()._place(0))
        app.file_uploader[0].upload("painting.jpg", picture, "image/jpeg")
        assert "the model is busy" in text_of(rerun(app))
    assert "The model sees" in text_of(rerun(app))


def test_without_a_run_the_page_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ARTIFACTS, str(tmp_path / "nothing"))
    text = text_of(open_page())
    assert "There is no run yet" in text
    assert "make train" in text


def test_an_old_run_says_how_to_rebuild_it(root: Path) -> None:
    make_old(root / "synthetic-1")
    text = text_of(open_page("outliers"))
    assert "cannot be opened" in text
    assert "version 0" in text
    assert "python train.py synthetic" in text


def test_a_broken_run_names_the_file(root: Path) -> None:
    make_broken(root / "synthetic-1")
    text = text_of(open_page())
    assert "map.npy" in text
    assert "What to do" in text


def test_a_run_that_breaks_while_it_is_open_is_said(root: Path) -> None:
    assert "60 paintings" in text_of(open_page("outliers"))  # which does not read the metrics
    (root / "synthetic-1" / "metrics.json").write_text("{")
    text = text_of(open_page())
    assert "metrics.json" in text
    assert "What to do" in text


def test_a_run_that_is_removed_while_it_is_open_is_gone(root: Path) -> None:
    assert "60 paintings" in text_of(open_page())
    shutil.rmtree(root / "synthetic-1")
    assert "There is no run yet" in text_of(open_page())


def test_a_new_run_appears_and_the_newest_is_shown(root: Path) -> None:
    app = open_page()
    assert not app.sidebar.selectbox
    build_run(root, "synthetic-2", paintings=40, name="second")
    os.utime(root / "synthetic-2" / "manifest.json", (time.time() + 60, time.time() + 60))
    assert "40 paintings" in text_of(open_page())
    older = open_page(run="synthetic-1")
    assert "60 paintings" in text_of(older)
    assert older.sidebar.selectbox[0].options[1].startswith("Synthetic")


def test_a_broken_run_leaves_the_others_usable(root: Path) -> None:
    build_run(root, "synthetic-2", paintings=40)
    make_broken(root / "synthetic-2")
    app = open_page()
    assert "60 paintings" in text_of(app)
    app.sidebar.selectbox[0].set_value("synthetic-2")
    rerun(app)
    assert "map.npy" in text_of(app)


def test_a_link_to_a_run_that_is_gone_falls_back(root: Path) -> None:
    app = open_page(run="gone")
    assert "not here any more" in app.toast[0].value
    assert "60 paintings" in text_of(app)


@pytest.mark.usefixtures("root")
def test_a_painting_is_classified_by_its_link_and_explained_on_request(run: Run) -> None:
    app = open_page("classify", subject=str(run.paintings["key"][7]))
    text = text_of(app)
    assert "The model sees" in text
    assert "The published model learned from this painting" in text
    assert text.count('<article class="ae-card">') == 12
    assert "hidden from the model" not in text
    app.toggle[0].set_value(True)
    assert "shown to the model alone" in text_of(rerun(app))


@pytest.mark.usefixtures("root")
def test_a_link_to_classify_what_is_not_there_shows_the_page() -> None:
    app = open_page("classify", subject="no/such.jpg")
    assert "What would the model call this?" in text_of(app)
    assert "subject" not in app.query_params
