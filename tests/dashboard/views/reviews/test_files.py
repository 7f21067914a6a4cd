"""Verdicts exported, imported, and made into label files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from core.reviews import ReviewLog, open_log
from core.reviews.exchange import export, read_export
from dashboard.runs.open_run import OpenRun
from dashboard.settings import OPEN_REVIEW
from dashboard.views.reviews import files
from tests.dashboard.pages import (
    open_page,
    press,
    rerun,
    text_of,
)
from tests.dashboard.views.reviews.conftest import record_two
from tests.reviews.conftest import say


def test_exports_and_label_files_are_offered(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    app = open_page("reviews", section="files")
    assert "1 undecided" in text_of(app)
    assert len(app.get("download_button")) == 4


@pytest.mark.usefixtures("log")
def test_no_file_is_made_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    for name in ("export", "build_label_files", "pack"):
        monkeypatch.setattr(files, name, lambda *given: made.append(given))
    assert len(open_page("reviews", section="files").get("download_button")) == 4
    assert not made


def test_an_import_says_first_which_paintings_are_not_here(
    log: ReviewLog, labels: dict[str, str], tmp_path: Path, opened: OpenRun
) -> None:
    other = open_log(tmp_path / "other.sqlite")
    key = next(iter(labels))
    renamed = say("renamed.jpg", "right", "Cy", given="Cubism")
    content = str(opened.run.paintings["content_hash"][1])
    gone = [say(f"<i>{n}</i>.jpg", "unsure", "Cy", given="Cubism") for n in range(7)]
    here = say(key, "unsure", "Cy", given=labels[key])
    other.record([here, replace(renamed, content_hash=content), *gone])
    app = open_page("reviews", section="files")
    app.file_uploader[0].upload("verdicts.csv", export(other, "csv"), "text/csv")
    text = text_of(rerun(app))
    assert "9 rows to add" in text
    assert "7 rows to add are on 7 paintings that this run does not have" in text
    assert "<code>&lt;i&gt;4&lt;/i&gt;.jpg</code> and 2 more" in text
    assert "renamed.jpg" not in text
    assert log.load_all().empty
    other.close()


def test_an_import_is_seen_first_then_done(
    log: ReviewLog, labels: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OPEN_REVIEW, "1")
    record_two(log, labels)
    other = open_log(tmp_path / "other.sqlite")
    key = next(iter(labels))
    other.record([say(key, "unsure", "Cy", given=labels[key])])
    app = open_page("reviews", section="files")
    app.file_uploader[0].upload("verdicts.csv", export(other, "csv"), "text/csv")
    rerun(app)
    assert "1 row to add" in text_of(app)
    assert len(log.load_all()) == 2
    press(app, "Add 1\u00a0row")  # nobody has signed it
    assert len(log.load_all()) == 2
    app.text_input(key="import.reviewer").set_value("Bo")
    press(app, "Add 1\u00a0row")
    assert len(log.load_all()) == 3
    painting = open_page("painting", painting=key)
    assert "imported by Bo from verdicts.csv" in text_of(painting)
    other.close()


def test_an_upload_is_read_once_however_often_the_page_is_drawn(
    log: ReviewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def count(content: bytes, name: str) -> pd.DataFrame:
        read.append(name)
        return read_export(content, name)

    monkeypatch.setattr(files, "read_export", count)
    app = open_page("reviews", section="files")
    for name, content in (("good.csv", export(log, "csv")), ("bad.csv", b"a,b\n1,2\n")):
        app.file_uploader[0].upload(name, content, "text/csv")
        for _ in range(3):
            rerun(app)
    assert read == ["good.csv", "bad.csv"]


@pytest.mark.usefixtures("root")
def test_what_is_no_export_is_refused_in_words() -> None:
    app = open_page("reviews", section="files")
    app.file_uploader[0].upload("verdicts.csv", b"a,b\n1,2\n", "text/csv")
    rerun(app)
    assert "is not an export of verdicts" in app.warning[0].value
