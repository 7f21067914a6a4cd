"""Named sets on both databases: made, renamed, deleted and brought back, and never changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from core.reviews import NamedSet, ReviewLog, ReviewsReadOnly, SetRefused, database, open_log
from core.reviews.entry import MAX_NOTE
from core.reviews.log import ReviewLog as Log
from core.reviews.origins import describe_origin
from core.reviews.set_files import export_sets, read_sets, restore_sets
from core.reviews.sets import combine, find_missing
from core.reviews.tables import LOG
from core.reviews.urls import parse_url
from tests.reviews.conftest import say


def names_of(log: ReviewLog) -> list[str]:
    return [found.name for found in log.sets.load()]


def test_a_set_comes_back_as_it_was_made(log: ReviewLog) -> None:
    made = log.sets.save("  Käthe's  doubts 🖌 ", ["b.jpg", "a.jpg", "b.jpg"], "Ada", "run-1")
    assert (made.name, made.keys) == ("Käthe's doubts 🖌", ("b.jpg", "a.jpg"))
    assert log.sets.load() == (made,)


def test_the_newest_comes_first(log: ReviewLog) -> None:
    for name in ("first", "second", "third"):
        log.sets.save(name, [f"{name}.jpg"], "Ada", "run-1")
    assert names_of(log) == ["third", "second", "first"]


def test_another_name_keeps_maker_paintings_and_link(log: ReviewLog) -> None:
    made = log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    log.sets.rename(made.id, "Settled", "Bo")
    (found,) = log.sets.load()
    assert (found.id, found.name, found.keys) == (made.id, "Settled", made.keys)
    assert (found.reviewer, found.time) == ("Ada", made.time)


def test_what_was_deleted_can_be_brought_back(log: ReviewLog) -> None:
    made = log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    log.sets.delete(made.id, "Bo")
    assert log.sets.load() == ()
    log.sets.rename(made.id, "Doubts", "Ada")
    assert log.sets.load() == (made,)


def test_two_sets_cannot_have_one_name(log: ReviewLog) -> None:
    made = log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    other = log.sets.save("Others", ["a.jpg"], "Ada", "run-1")
    for refused in (
        lambda: log.sets.save("DOUBTS", ["b.jpg"], "Bo", "run-1"),
        lambda: log.sets.rename(other.id, "doubts ", "Bo"),
    ):
        with pytest.raises(SetRefused, match="one name"):
            refused()
    log.sets.rename(made.id, "doubts", "Ada")  # its own
    log.sets.delete(made.id, "Ada")
    log.sets.save("Doubts", ["b.jpg"], "Bo", "run-1")  # free again
    assert sorted(names_of(log)) == ["Doubts", "Others"]


@pytest.mark.parametrize(
    ("name", "keys", "reviewer", "told"),
    [
        (" ", ["a"], "Ada", "Name the set: 80 characters at most"),
        ("x" * 81, ["a"], "Ada", "too long; found 'x+'; expected 80 characters at most"),
        ("Doubts", [], "Ada", "expected 1 or more"),
        ("Doubts", ["a"], " ", "expected 1 to"),
    ],
)
def test_what_is_no_set_is_refused(
    lone_log: ReviewLog, name: str, keys: list[str], reviewer: str, told: str
) -> None:
    with pytest.raises(SetRefused, match=told):
        lone_log.sets.save(name, keys, reviewer, "run-1")
    assert lone_log.sets.load() == ()


def test_a_set_that_is_not_there_can_be_neither_renamed_nor_deleted(lone_log: ReviewLog) -> None:
    with pytest.raises(SetRefused, match="no such set"):
        lone_log.sets.rename("nothing", "Doubts", "Ada")
    with pytest.raises(SetRefused, match="no such set"):
        lone_log.sets.delete("nothing", "Ada")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE set_log SET name = 'x'",
        "DELETE FROM set_log",
        "UPDATE set_paintings SET key = 'x'",
        "DELETE FROM set_paintings",
        "UPDATE set_changes SET note = 'x'",
        "DELETE FROM set_changes",
    ],
)
def test_the_database_itself_refuses_changes(log: ReviewLog, change: str) -> None:
    made = log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    log.sets.put(made.id, ["b.jpg"], "why", "Ada")
    before = log.sets.load()
    with pytest.raises(DBAPIError, match="append-only"), log._engine.begin() as connection:
        connection.execute(text(change))
    assert log.sets.load() == before


def test_the_stamp_grows_with_every_change(log: ReviewLog) -> None:
    stamps = [log.sets.stamp()]
    made = log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    stamps.append(log.sets.stamp())
    log.sets.rename(made.id, "Settled", "Ada")
    stamps.append(log.sets.stamp())
    log.sets.delete(made.id, "Ada")
    stamps.append(log.sets.stamp())
    assert stamps[0] == (0, 0)
    assert stamps == sorted(set(stamps))


def test_a_whole_collection_fits_in_a_set(log: ReviewLog) -> None:
    keys = [f"{number}.jpg" for number in range(20_000)]
    log.sets.save("Everything", keys, "Ada", "run-1")
    assert list(log.sets.load()[0].keys) == keys


def test_paintings_that_a_run_lacks_are_found(lone_log: ReviewLog) -> None:
    made = lone_log.sets.save("Doubts", ["a.jpg", "b.jpg", "c.jpg"], "Ada", "run-1")
    assert find_missing(made, ["c.jpg", "z.jpg", "a.jpg"]) == ("b.jpg",)


def make_first_schema(path: Path) -> None:
    """A database as the first schema left it, with one verdict."""
    engine = database._connect_sqlite(parse_url(path))
    with database.writing(engine) as connection:
        config = database._build_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "r0001")
        row = asdict(say())
        del row["of_several"], row["settles"]
        connection.execute(insert(LOG), [row])
    engine.dispose()


def test_an_older_database_is_brought_up_and_keeps_its_verdicts(tmp_path: Path) -> None:
    path = tmp_path / "reviews.sqlite"
    make_first_schema(path)
    with closing(open_log(path)) as log:
        assert len(log.load_standing()) == 1
        log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
        assert names_of(log) == ["Doubts"]


def test_an_older_database_that_cannot_be_written_has_no_sets(tmp_path: Path) -> None:
    path = tmp_path / "reviews.sqlite"
    make_first_schema(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    trouble = ReviewsReadOnly("Verdicts cannot be recorded")
    with closing(Log(database.connect_read_only(path), trouble)) as log:
        assert len(log.load_standing()) == 1
        assert log.sets.load() == ()
        assert log.sets.stamp() == (0, 0)
        with pytest.raises(ReviewsReadOnly):
            log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")


def make(log: ReviewLog, *keys: str, name: str = "Doubts") -> NamedSet:
    return log.sets.save(name, keys, "Ada", "run-1")


def only(log: ReviewLog) -> NamedSet:
    (found,) = log.sets.load()
    return found


def test_a_painting_is_put_in_with_a_note_and_taken_out(log: ReviewLog) -> None:
    made = make(log, "a", "b")
    log.sets.put(made.id, ["d", "c", "a"], "  a twin ", "Bo")
    found = only(log)
    assert (found.keys, found.notes) == (("a", "b", "d", "c"), ("a twin", "", *["a twin"] * 2))
    assert (found.name, found.reviewer, found.time) == (made.name, "Ada", made.time)
    assert [found.note_on(key) for key in "abz"] == ["a twin", "", ""]
    log.sets.put(made.id, ["c"], "", "Bo")  # an empty note leaves the one before
    log.sets.take_out(made.id, ["a", "d", "never in it"], "Ada")
    assert (only(log).keys, only(log).notes) == (("b", "c"), ("", "a twin"))
    log.sets.put(made.id, ["a"], "", "Ada")
    assert (only(log).keys, only(log).note_on("a")) == (("b", "c", "a"), "")


def test_what_changes_nothing_is_not_logged_and_only_what_does_is_counted(log: ReviewLog) -> None:
    made = make(log, "a", "b")
    assert log.sets.put(made.id, ["b", "c", "c", "d"], "why", "Bo") == 2
    before, stamp = only(log), log.sets.stamp()
    assert log.sets.put(made.id, ["b", "c"], "", "Bo") == 0
    assert log.sets.put(made.id, ["c"], "why", "Bo") == 0
    with pytest.raises(SetRefused, match="“Doubts” holds none of these paintings"):
        log.sets.take_out(made.id, ["never in it"], "Bo")
    assert (only(log), log.sets.stamp()) == (before, stamp)
    assert log.sets.put(made.id, ["c"], "a twin", "Bo") == 0
    assert only(log).note_on("c") == "a twin"
    assert log.sets.take_out(made.id, ["c", "c", "never in it"], "Bo") == 1


def test_sets_are_changed_apart_and_the_stamp_says_so(log: ReviewLog) -> None:
    first, second = make(log, "a"), make(log, "b", name="Others")
    before = log.sets.stamp()
    log.sets.put(second.id, ["c"], "", "Ada")
    assert log.sets.stamp() > before
    keys = {each.id: each.keys for each in log.sets.load()}
    assert keys == {first.id: ("a",), second.id: ("b", "c")}


def test_what_was_deleted_is_back_with_its_changes(log: ReviewLog) -> None:
    made = make(log, "a")
    log.sets.put(made.id, ["b"], "why", "Ada")
    log.sets.delete(made.id, "Ada")
    with pytest.raises(SetRefused, match="no such set"):
        log.sets.put(made.id, ["c"], "", "Ada")
    log.sets.rename(made.id, "Doubts", "Ada")
    assert (only(log).keys, only(log).notes) == (("a", "b"), ("", "why"))


def test_a_set_is_never_left_empty(lone_log: ReviewLog) -> None:
    made = make(lone_log, "a", "b")
    with pytest.raises(SetRefused, match="without paintings"):
        lone_log.sets.take_out(made.id, ["b", "a"], "Ada")
    assert only(lone_log) == made


@pytest.mark.parametrize("note", ["x" * (MAX_NOTE + 1), "a\x00b"])
def test_what_is_no_note_is_refused(lone_log: ReviewLog, note: str) -> None:
    made = make(lone_log, "a")
    with pytest.raises(SetRefused, match="note"):
        lone_log.sets.put(made.id, ["b"], note, "Ada")
    assert only(lone_log) == made


def test_a_file_keeps_notes_and_one_from_before_them_is_read(
    log: ReviewLog, tmp_path: Path
) -> None:
    made = make(log, "a", "b")
    log.sets.put(made.id, ["b"], "why", "Ada")
    content = export_sets(log.sets.load())
    assert read_sets(content) == log.sets.load()
    with closing(open_log(tmp_path / "other.sqlite")) as other:
        restore_sets(other.sets, read_sets(content), describe_origin("Cy", "s.jsonl", content))
        assert other.sets.load() == log.sets.load()
    before = content.replace(b', "notes": ["", "why"]', b"")
    assert before != content
    assert read_sets(before)[0].notes == ()
    with pytest.raises(SetRefused, match="number of notes"):
        read_sets(content.replace(b'["", "why"]', b'["why"]'))


def test_a_database_of_the_step_before_keeps_its_sets(place: str) -> None:
    with closing(open_log(place)) as log:
        made = make(log, "a")
    engine = database.connect(place)
    with database.writing(engine) as connection:  # as the step before left it
        connection.execute(text("DROP TABLE set_changes"))
        connection.execute(text("UPDATE alembic_version SET version_num = 'r0007_worklists'"))
    engine.dispose()
    with closing(open_log(place)) as log:
        assert only(log) == made
        log.sets.put(made.id, ["b"], "", "Ada")
        assert only(log).keys == ("a", "b")


def test_two_sets_are_combined(lone_log: ReviewLog) -> None:
    first, second = make(lone_log, "a", "b", "c"), make(lone_log, "d", "c", "b", name="Others")
    assert combine(first, second, "either") == ("a", "b", "c", "d")
    assert combine(first, second, "both") == ("b", "c")
    assert combine(first, second, "first") == ("a",)
    assert combine(second, first, "first") == ("d",)
