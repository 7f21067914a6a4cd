"""What pages say when the database of verdicts cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from core.reviews import ReviewLog, ReviewsReadOnly, database, open_log
from dashboard.runs import review_cache
from dashboard.settings import REVIEWS
from dashboard.words import plain
from tests.dashboard.pages import (
    cards_of,
    judge,
    open_as,
    open_page,
    text_of,
)
from tests.dashboard.views.reviews.conftest import open_queue, record_two


@pytest.mark.parametrize("path", ["", "outliers", "map", "reviews"])
def test_browsing_goes_on_when_the_database_is_broken(
    root: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = root / "broken.sqlite"
    broken.write_bytes(b"no database" * 1000)
    monkeypatch.setenv(REVIEWS, str(broken))
    app = open_page(path)
    if path == "reviews":
        assert "not a database of verdicts" in app.warning[0].value
        assert "You can still browse" in text_of(app)
    elif path:
        assert cards_of(app) == 24


def test_a_newer_database_is_said(root: Path) -> None:
    path = root / "reviews.sqlite"
    open_log(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'r9999'")
    connection.close()
    app = open_page("reviews")
    assert "newer version" in app.warning[0].value
    assert cards_of(open_page("outliers")) == 24


def test_a_locked_database_is_said_and_browsing_goes_on(
    root: Path, log: ReviewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    app = open_queue()
    with closing(sqlite3.connect(root / "reviews.sqlite", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        judge(app, "right")
        assert "locked by another program" in app.warning[0].value
        assert cards_of(open_page("outliers")) == 24
        holder.execute("ROLLBACK")
    assert log.load_all().empty
    judge(app, "right")
    assert not app.warning
    assert len(log.load_all()) == 1


def test_a_full_disk_is_said_and_browsing_goes_on(log: ReviewLog) -> None:
    app = open_queue()
    judge(app, "right")

    def shrink(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine = review_cache.open_reviews()._engine
    event.listen(engine, "checkout", shrink)
    for _ in range(5):  # some pages more than there are
        judge(app, "right", note="x" * 2000)
        if app.warning:
            break
    assert "is full" in app.warning[0].value
    before = log.load_all()
    assert cards_of(open_page("outliers")) == 24
    assert len(log.load_all()) == len(before) >= 1


def test_a_database_that_may_not_be_written_is_read(
    root: Path, log: ReviewLog, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record_two(log, labels)
    log.close()
    trouble = ReviewsReadOnly(
        "Verdicts cannot be recorded here", found="a database that is read-only"
    )
    readable = ReviewLog(database.connect_read_only(root / "reviews.sqlite"), trouble)
    monkeypatch.setattr(review_cache, "open_log", lambda _: readable)
    app = open_page("reviews")
    assert plain("read-only") in app.warning[0].value
    assert "You can read verdicts here, but not give them" in text_of(app)
    assert "2 verdicts" in text_of(open_as("Ada", "reviews", section="verdicts"))
    assert cards_of(open_as("Ada", "outliers", reviews="disputed")) == 1
    readable.close()


@pytest.mark.usefixtures("log")
def test_a_link_to_a_section_that_is_none_shows_the_queue_and_says_so() -> None:
    app = open_page("reviews", section="verdict")
    assert [toast.value for toast in app.toast] == [
        "Reviews has no section verdict: the queue is shown."
    ]
    assert app.segmented_control[0].value == "queue"
    assert not app.run().toast
