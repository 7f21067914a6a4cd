"""What sessions keep of the pictures that were dropped in."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest

from core.classify import Classification
from core.classify.placement import Placement
from dashboard.session import uploads
from dashboard.session.uploads import KEPT, KEPT_BYTES, History, Upload, weigh_all
from tests.dashboard.pages import open_page, rerun, text_of

SIDE = 300


def make_upload(subject: str) -> Upload:
    """As heavy as one of a model that reads 300 pixels."""
    answer = Classification(
        probabilities={"style": np.zeros(27, np.float32)},
        embedding=np.zeros(512, np.float32),
        placement=Placement(np.zeros(12, np.int32), np.zeros(12, np.float32), np.zeros(2)),
        novelty=None,
        pixels=np.zeros((SIDE, SIDE, 3), np.uint8),
    )
    return Upload(subject, "a.jpg", answer=answer, thumbnail="t" * 4_000, preview="p" * 200_000)


def test_a_session_forgets_its_oldest() -> None:
    history = History()
    for number in range(2 * KEPT):
        history.add("run", make_upload(str(number)))
    kept = history.answered("run")
    assert kept[0].subject == str(2 * KEPT - 1)
    assert len(kept) <= KEPT
    assert history.weight == sum(each.weight for each in kept) <= KEPT_BYTES
    assert history.find("run", "0") is None


def test_a_batch_is_kept_whole() -> None:
    history = History()
    for number in range(uploads.BATCH):
        history.add("run", make_upload(str(number)))
    assert len(history.answered("run")) == uploads.BATCH


def test_runs_share_what_a_session_may_keep() -> None:
    history = History()
    for number in range(3 * KEPT):
        history.add(f"run-{number % 3}", Upload(str(number), "a.jpg", "no picture"))
    assert sum(len(history.answered(f"run-{n}")) for n in range(3)) == KEPT


def test_what_is_asked_again_counts_once() -> None:
    history = History()
    for _ in range(3):
        history.add("run", make_upload("a"))
    assert history.weight == make_upload("a").weight


def test_a_session_that_ends_gives_its_room_back() -> None:
    gc.collect()
    before = weigh_all()
    history = History()
    history.add("run", make_upload("a"))
    assert weigh_all() == before + history.weight
    del history
    gc.collect()
    assert weigh_all() == before


def test_a_full_server_says_so_and_answers_once_there_is_room(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = next((root / "images").rglob("*.jpg")).read_bytes()
    app = open_page("classify")
    monkeypatch.setattr(uploads, "ALL_BYTES", -1)
    app.file_uploader[0].upload("painting.jpg", picture, "image/jpeg")
    assert "the answers of all visitors fill" in text_of(rerun(app))
    monkeypatch.setattr(uploads, "ALL_BYTES", 1 << 40)
    assert "The model sees" in text_of(rerun(app))
