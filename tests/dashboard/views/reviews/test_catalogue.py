"""Corrections for the museum's catalogue, on the page."""

from __future__ import annotations

import pytest

from core.reviews import ReviewLog
from tests.dashboard.pages import open_page, rerun, text_of
from tests.reviews.conftest import say

ALWAYS = ["Changes", "Undo", "Who decided", "Who decided (Linked Art)"]


@pytest.fixture
def corrected(log: ReviewLog, labels: dict[str, str]) -> tuple[str, str]:
    """Key and label of a painting that is corrected to Cubism."""
    key, given = next(each for each in labels.items() if each[1] != "Cubism")
    log.record([say(key, "wrong", given=given, proposed="Cubism")])
    return key, given


@pytest.mark.usefixtures("log")
def test_without_corrections_nothing_is_offered() -> None:
    app = open_page("reviews", section="files")
    assert "0 corrections." in text_of(app)
    assert len(app.file_uploader) == 1


def test_corrections_are_offered_in_the_form_of_the_table(corrected: tuple[str, str]) -> None:
    app = open_page("reviews", section="files")
    text = text_of(app)
    assert "works.csv" in text
    assert "1 correction: 1 human-" in text
    names = [button.proto.label for button in app.get("download_button")]
    assert names[3:7] == ALWAYS


def test_a_table_that_was_sent_gives_whole_rows(corrected: tuple[str, str]) -> None:
    key, given = corrected
    app = open_page("reviews", section="files")
    content = f"File;Movement\n{key};{given.replace('_', ' ')}\n".encode()
    app.file_uploader(key="catalogue.table").upload("new.csv", content, "text/csv")
    rerun(app)
    assert "1 open: to be corrected." in text_of(app)
    names = [button.proto.label for button in app.get("download_button")]
    assert names[3:9] == [*ALWAYS, "Whole rows", "Undo of whole rows"]
    app.file_uploader(key="catalogue.table").upload("other.csv", b"a,b\n1,2\n", "text/csv")
    rerun(app)
    assert "has no column 'File'" in app.warning[0].value
