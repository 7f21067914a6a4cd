"""What a server loads before it is asked, and when."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from core.artifacts import Run
from core.classify import Classifier
from dashboard.runs import model_cache, warm_up
from dashboard.settings import REVIEWS

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("root")
def test_the_model_waits_for_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page needs the run, and no model."""
    asked, drawn = threading.Event(), threading.Event()
    load_classifier = model_cache.load_classifier

    def note_classifier(run: Run) -> Classifier:
        asked.set()
        return load_classifier(run)

    monkeypatch.setattr(warm_up, "_DRAWN", drawn)
    monkeypatch.setattr(model_cache, "load_classifier", note_classifier)
    warm_up.open_newest()
    warming = threading.Thread(target=warm_up.load_model)
    warming.start()
    try:
        assert not asked.wait(0.5)
        warm_up.note_drawn()
        assert asked.wait(30)
    finally:
        drawn.set()
        warming.join()
        model_cache.close_service()


@pytest.mark.usefixtures("root")
def test_the_model_is_loaded_though_the_verdicts_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "reviews.sqlite"
    place.write_bytes(b"not a database" * 100)
    monkeypatch.setenv(REVIEWS, str(place))
    loaded: list[str] = []
    load_classifier = model_cache.load_classifier

    def note(run: Run) -> Classifier:
        loaded.append(run.run_id)
        return load_classifier(run)

    monkeypatch.setattr(model_cache, "load_classifier", note)
    warm_up.open_newest()
    warm_up.note_drawn()
    warm_up.load_model()
    model_cache.close_service()
    assert loaded == ["synthetic-1"]
