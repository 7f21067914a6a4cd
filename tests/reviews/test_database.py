"""What is said when the database cannot be used, and that reading goes on where it can."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event, text

from core.reviews import ReviewsError, ReviewsNewer, ReviewsReadOnly, database, open_log
from tests.reviews.conftest import say


def test_a_database_that_cannot_be_written_is_read(
    open_folder: Path, request: pytest.FixtureRequest
) -> None:
    path = open_folder / "reviews.sqlite"
    log = open_log(path)
    log.record([say()])
    log.close()
    path.chmod(0o444)
    open_folder.chmod(0o555)
    request.getfixturevalue("unprivileged")
    log = open_log(path)
    assert len(log.load_standing()) == 1
    for change in (lambda: log.record([say("b.jpg")]), lambda: log.undo("Ada")):
        with pytest.raises(ReviewsReadOnly, match="write permission"):
            change()
    log.close()


def test_a_schema_of_the_future_is_refused(place: str) -> None:
    log = open_log(place)
    with log._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    log.close()
    with pytest.raises(ReviewsNewer, match=r"r9999.*Update this program"):
        open_log(place)


def test_another_programs_lock_is_waited_for_then_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    path = tmp_path / "reviews.sqlite"
    log = open_log(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(ReviewsError, match="locked by another program"):
        log.record([say()])
    assert log.load_standing().empty  # reading goes on
    holder.execute("ROLLBACK")
    holder.close()
    log.record([say()])
    assert len(log.load_standing()) == 1
    log.close()


def test_a_full_disk_is_said_and_earlier_verdicts_stay(tmp_path: Path) -> None:
    log = open_log(tmp_path / "reviews.sqlite")
    log.record([say()])
    log.close()

    def shrink(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(log._engine, "connect", shrink)
    with pytest.raises(ReviewsError, match=r"disk of .* is full"):
        log.record([say(f"{n}.jpg", note="x" * 2000) for n in range(100)])
    assert log.load_standing()["key"].tolist() == ["Cubism/a.jpg"]
    log.close()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "reviews.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(ReviewsError, match="not a database of verdicts"):
        open_log(path)


def test_a_server_that_is_not_there_is_said_without_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 2)
    with pytest.raises(ReviewsError) as raised:
        open_log("postgresql://ada:secret@127.0.0.1:1/none")
    assert "cannot be used" in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("where", ["mysql://host/db", "sqlite://", "://"])
def test_a_url_of_another_kind_is_refused(where: str) -> None:
    with pytest.raises(ReviewsError, match="of neither kind"):
        open_log(where)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReviewsError, match="cannot be created"):
        open_log(tmp_path / "file" / "reviews.sqlite")
