"""What is said when the database cannot be used, and that reading goes on where it can."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from alembic import command
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, insert, text

from core.reviews import (
    ReviewLog,
    ReviewsError,
    ReviewsNewer,
    ReviewsReadOnly,
    database,
    open_log,
)
from core.reviews.database import connect, connect_read_only
from core.reviews.tables import LOG
from core.reviews.urls import parse_url
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


SPECIAL_NAMES = [
    *("Museum #2 (50% done?)", "a b", "50%25", "100%", "?mode=memory", "#", 'it\'s "so"', "a&b=c"),
    *("Näïve", "浮世絵", "file:x", "a:b", "semi;colon", "back\\slash", "line\nbreak", "~"),
    "%(here)s",
]


@pytest.mark.parametrize("name", SPECIAL_NAMES)
def test_a_path_with_special_characters_is_that_path(
    open_folder: Path, name: str, request: pytest.FixtureRequest
) -> None:
    folder = open_folder / name
    path = folder / f"{name}.sqlite"
    log = open_log(path)
    log.record([say()])
    assert log.place == str(path)
    log.close()
    assert [each.name for each in open_folder.iterdir()] == [name]
    assert [each.name for each in folder.iterdir()] == [path.name]
    path.chmod(0o444)
    folder.chmod(0o555)
    request.getfixturevalue("unprivileged")
    log = open_log(str(path))
    assert log.load_standing()["key"].tolist() == ["Cubism/a.jpg"]
    assert log.place == str(path)
    with pytest.raises(ReviewsReadOnly):
        log.record([say("b.jpg")])
    log.close()


@pytest.mark.slow
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1))
def test_any_path_is_opened_for_reading(name: str) -> None:
    assume(len(name.encode()) < 200 and name not in (".", ".."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        connect(path).dispose()
        assert [each.name for each in Path(folder).iterdir()] == [name]
        engine = connect_read_only(path)
        assert database.describe(engine) == str(path.resolve())
        engine.dispose()


def test_verdicts_that_lie_beside_a_read_only_database_are_read_or_said(
    tmp_path: Path, open_folder: Path, request: pytest.FixtureRequest
) -> None:
    log = open_log(tmp_path / "reviews.sqlite")
    log.record([say()])
    for name in ("whole", "without-shm"):
        (open_folder / name).mkdir()
    for file in tmp_path.iterdir():
        shutil.copy(file, open_folder / "whole")
        if not file.name.endswith("-shm"):
            shutil.copy(file, open_folder / "without-shm")
    log.close()
    for path in sorted(open_folder.rglob("*"), reverse=True):
        path.chmod(0o555)
    request.getfixturevalue("unprivileged")
    log = open_log(open_folder / "whole" / "reviews.sqlite")
    assert len(log.load_standing()) == 1
    log.close()
    with pytest.raises(ReviewsError, match=r"reviews\.sqlite-wal beside it.*Copy both files"):
        open_log(open_folder / "without-shm" / "reviews.sqlite")


def test_verdicts_copied_out_of_a_read_only_folder_are_all_there(tmp_path: Path) -> None:
    log = open_log(tmp_path / "reviews.sqlite")
    log.record([say()])
    copied = tmp_path / "copy"
    copied.mkdir()
    for name in ("reviews.sqlite", "reviews.sqlite-wal"):
        shutil.copy(tmp_path / name, copied)
    log.close()
    log = open_log(copied / "reviews.sqlite")
    assert len(log.load_standing()) == 1
    log.close()


def test_the_program_may_lie_below_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "100% (here)s %(x)s" / "reviews"
    shutil.copytree(Path(database.__file__).with_name("migrations"), installed / "migrations")
    monkeypatch.setattr(database, "__file__", str(installed / "database.py"))
    log = open_log(tmp_path / "reviews.sqlite")
    assert log.load_standing().empty
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


def test_verdicts_from_before_works_had_several_labels_are_read_and_taken_over(
    tmp_path: Path,
) -> None:
    path = tmp_path / "reviews.sqlite"
    engine = create_engine(parse_url(path))
    with engine.begin() as connection:
        config = database._build_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "r0005_sign_outs")
        row = asdict(say("a.jpg"))
        del row["of_several"], row["settles"]
        connection.execute(insert(LOG), [row])
    engine.dispose()
    with closing(ReviewLog(connect_read_only(path), ReviewsReadOnly("locked"))) as log:
        tables = log.load_standing(), log.load_all(), log.load_history("a.jpg")
        assert [table["id"].tolist() for table in tables] == [[row["id"]]] * 3
        assert all(table[["of_several", "settles"]].isna().all(axis=None) for table in tables)
    with closing(open_log(path)) as log:
        (again,) = log.record([say("a.jpg", "wrong")])
        assert again.supersedes == row["id"]
        assert log.load_standing()["id"].tolist() == [again.id]
