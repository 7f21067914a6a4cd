"""The Classify page, asked about uploads and about paintings of the collection."""

from __future__ import annotations

from contextlib import ExitStack
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from core.artifacts import Run, open_run
from core.classify.service import PLACES
from dashboard.runs import model_cache
from dashboard.runs.open_run import OpenRun
from dashboard.session import uploads
from dashboard.views.classify.answer import build_place
from tests.dashboard.pages import cards_of, open_page, rerun, text_of
from tests.images.tiffs import painted, write_tiff


@pytest.mark.usefixtures("root")
def test_classify_answers_and_refuses() -> None:
    app = open_page("classify")
    assert "knows 5 styles" in app.caption[0].value.replace("\u00a0", " ")
    app.file_uploader[0].upload("no.jpg", b"not a picture", "image/jpeg")
    rerun(app)
    assert "This picture was refused" in text_of(app)


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("name", ["saved by a browser.jfif", "SCAN.JP2", "IMG.HEIC", "a.jpe"])
def test_every_format_that_is_read_may_be_chosen(name: str) -> None:
    app = open_page("classify")
    assert Path(name).suffix.lower() in app.file_uploader[0].allowed_type


@pytest.mark.usefixtures("root")
def test_what_was_guessed_of_an_upload_is_said() -> None:
    app = open_page("classify")
    pages = write_tiff(painted(200, 150), painted(120, 110), photometric="rgb")
    app.file_uploader[0].upload("a%22b.tif", pages, "image/tiff")
    rerun(app)
    assert 'a"b.tif, 200 x 150 pixels, the largest of 2 pages' in unescape(text_of(app))


def test_classify_shows_what_the_graphs_say(root: Path) -> None:
    picture = next((root / "images").rglob("*.jpg")).read_bytes()
    app = open_page("classify")
    app.file_uploader[0].upload("painting.jpg", picture, "image/jpeg")
    rerun(app)
    text = text_of(app)
    assert "The model sees" in text
    assert "Most similar paintings" in text
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
            others.enter_context(model_cache.load_service()._free)
        app.file_uploader[0].upload("painting.jpg", picture, "image/jpeg")
        assert "the model is busy" in text_of(rerun(app))
    assert "The model sees" in text_of(rerun(app))


@pytest.mark.usefixtures("root")
def test_a_painting_is_classified_by_its_link_and_explained_on_request(run: Run) -> None:
    app = open_page("classify", subject=str(run.paintings["key"][7]))
    text = text_of(app)
    assert "The model sees" in text
    assert "The published model was trained on this painting" in text
    assert text.count('<article class="ae-card">') == 12
    assert "each part of the picture alone" not in text
    app.toggle[0].set_value(True)
    assert "each part of the picture alone" in text_of(rerun(app))


@pytest.mark.parametrize("content", [None, b"\xff\xd8\xff nothing more"])
def test_a_stored_picture_that_cannot_be_read_is_named(root: Path, content: bytes | None) -> None:
    run = open_run(root / "synthetic-1")
    path = run.picture(7).path
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    app = open_page("classify", subject=str(run.paintings["key"][7]))
    assert "This picture cannot be read" in text_of(app)
    assert path.name in text_of(app)
    app = open_page("painting", painting=str(run.paintings["key"][7]))
    app.toggle(key="explain.painting.7").set_value(True)
    assert path.name in text_of(rerun(app))


@pytest.mark.usefixtures("root")
def test_a_link_to_classify_what_is_not_there_shows_the_page() -> None:
    app = open_page("classify", subject="no/such.jpg")
    assert "What would the model call this?" in text_of(app)
    assert "subject" not in app.query_params


def test_a_picture_stands_on_a_painting_of_the_map_never_between(opened: OpenRun) -> None:
    rows = np.array([7, 3, 11])
    first, *others = build_place(opened, rows, "Mine")
    places = opened.table.loc[rows, ["x", "y"]].to_numpy()
    assert (first.x, first.y, first.label, first.kind) == (*places[0], "Mine", "upload")
    assert [(ring.x, ring.y, ring.label, ring.kind) for ring in others] == [
        (*place, "", "found") for place in places[1:]
    ]
    assert build_place(opened, np.array([], dtype=int), "Mine") == ()
