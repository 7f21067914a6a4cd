"""The pages that list paintings: filters, thresholds, outlines, order, gallery pages."""

from __future__ import annotations

import pytest

from tests.dashboard.pages import cards_of, open_page, press, rerun, text_of


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
    press(app, "Clear filters")
    assert "given" not in app.query_params
    assert cards_of(app) == 24


@pytest.mark.usefixtures("root")
def test_a_link_reopens_filters_thresholds_and_order() -> None:
    app = open_page(
        "outliers", given=["Cubism", "Baroque"], loss="0.5", order="artist", confidence="0.25"
    )
    assert app.multiselect(key="widget.given").value == ["Cubism", "Baroque"]
    assert app.slider(key="widget.loss").value == 0.5
    assert app.slider(key="widget.confidence").value == 0.25
    assert app.selectbox(key="widget.order").value == "artist"


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(("page", "place"), [("2", "25 to 48 of 60"), ("99", "49 to 60 of 60")])
def test_a_link_reopens_its_gallery_page(page: str, place: str) -> None:
    assert place in text_of(open_page("outliers", gallery_page=page))


@pytest.mark.usefixtures("root")
def test_an_address_saved_under_an_old_name_opens_the_same_page() -> None:
    app = open_page("outliers", sheet="2")
    assert "25 to 48 of 60" in text_of(app)
    assert app.query_params["gallery_page"] == "2"
    assert "sheet" not in app.query_params


@pytest.mark.usefixtures("root")
def test_what_a_link_asks_for_in_vain_is_said() -> None:
    app = open_page("outliers", given=["Cubism", "*Vorticism*"], styel="Cubism")
    said = " ".join(toast.value for toast in app.toast)
    assert "Given style “\\*Vorticism\\*” is not in this run: the filter was removed" in said
    assert "ignored: styel." in said
    assert app.multiselect(key="widget.given").value == ["Cubism"]
    assert not open_page("outliers", given="Cubism").toast


@pytest.mark.usefixtures("root")
def test_a_filter_leads_back_to_the_first_gallery_page() -> None:
    app = open_page("outliers", gallery_page="2")
    app.pills(key="widget.quadrant").set_value(["typical", "hard example"])
    assert "gallery_page" not in rerun(app).query_params


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
    assert "years" not in press(app, "Clear filters").query_params
    assert app.slider(key="widget.years").value == (1801, 1859)


@pytest.mark.usefixtures("root")
def test_a_link_to_a_style_that_is_not_here_shows_everything() -> None:
    app = open_page("outliers", given=["Rococo", "Cubism"], artist="Nobody")
    assert app.multiselect(key="widget.given").value == ["Cubism"]
    assert "artist" not in app.query_params


@pytest.mark.usefixtures("root")
def test_lines_that_were_moved_can_be_reset() -> None:
    app = open_page("outliers", loss="0.5")
    reset = next(button for button in app.button if button.label == "Reset thresholds")
    reset.click()
    rerun(app)
    assert "loss" not in app.query_params
    assert all(button.label != "Reset thresholds" for button in app.button)


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
