"""An update on the pages: what it is, what is new, what was taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.artifacts import open_run
from dashboard.settings import ARTIFACTS, REVIEWS
from tests.dashboard.pages import NAMES, open_page, text_of
from tests.synthetic_run import build_run
from tests.update.monthly import export_later, update


@pytest.fixture
def updated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an update, in a folder of runs beside the run that it updates."""
    run = open_run(build_run(tmp_path / "artifacts"))
    later = update(run, export_later(run, tmp_path), tmp_path)
    monkeypatch.setenv(ARTIFACTS, str(tmp_path / "artifacts"))
    monkeypatch.setenv(REVIEWS, str(tmp_path / "artifacts/reviews.sqlite"))
    return later.run_id


def test_the_overview_and_compare_say_what_an_update_is(updated: str) -> None:
    for path, params in (("", {}), ("compare", {"other": "synthetic-1"})):
        text = text_of(open_page(path, run=updated, **params))
        assert "An update, not a training" in text
        assert "57 works taken over" in text
        assert "A new work" in text
        assert "A full training is not due yet." in text
    assert "An update, not a training" not in text_of(open_page("", run="synthetic-1"))


@pytest.mark.parametrize("path", NAMES)
def test_every_page_opens(updated: str, path: str) -> None:
    open_page(path, run=updated)


def test_a_new_work_says_who_scored_it(updated: str) -> None:
    text = text_of(open_page("painting", run=updated, painting="new/0.jpg"))
    assert "scored by the published model, which never saw it" in text
    assert "scored by fold" in text_of(
        open_page("painting", run=updated, painting="renamed/30.jpg")
    )
    open_page("painting", run=updated, painting="new/4.jpg")  # under a style unknown to the model
