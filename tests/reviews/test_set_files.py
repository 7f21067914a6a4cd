"""Sets as files: read back whole, restored once, refused with the line that is wrong."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core.reviews import ReviewLog, SetRefused, open_log
from core.reviews.__main__ import main
from core.reviews.origins import describe_origin
from core.reviews.set_files import export_sets, is_set_file, read_sets, restore_sets

ORIGIN = describe_origin("Cy", "sets.jsonl", b"content")


def test_a_file_is_read_back_as_it_was(lone_log: ReviewLog) -> None:
    lone_log.sets.save("Käthe’s 🖌", ["b.jpg", "a\nb.jpg"], "Ada", "run-1")
    lone_log.sets.save("Other", ["c.jpg"], "Bo", "run-2")
    sets = lone_log.sets.load()
    content = export_sets(sets)
    assert is_set_file(content)
    assert read_sets(content) == sets


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_an_editor_saved_is_read_the_same(lone_log: ReviewLog, encoding: str) -> None:
    lone_log.sets.save("Käthe’s 🖌", ["b.jpg", "a\u2028b.jpg"], "Ada", "run-1")
    sets = lone_log.sets.load()
    content = export_sets(sets).decode().replace("\n", "\r\n").encode(encoding)
    assert is_set_file(content)
    assert read_sets(content) == sets


def test_sets_are_restored_once_with_their_makers(log: ReviewLog, tmp_path: Path) -> None:
    log.sets.save("Doubts", ["b.jpg", "a.jpg"], "Ada", "run-1")
    sets = log.sets.load()
    with closing(open_log(tmp_path / "other.sqlite")) as other:
        assert restore_sets(other.sets, sets, ORIGIN) == sets
        assert restore_sets(other.sets, sets, ORIGIN) == ()
        assert other.sets.load() == sets


def test_a_set_that_was_deleted_here_is_back(log: ReviewLog) -> None:
    made = log.sets.save("Doubts", ["b.jpg", "a.jpg"], "Ada", "run-1")
    log.sets.delete(made.id, "Ada")
    restore_sets(log.sets, [made], ORIGIN)
    assert log.sets.load() == (made,)


@pytest.mark.parametrize(
    ("keys", "notes"),
    [
        (("a.jpg", "b.jpg", "c.jpg"), ()),
        (("b.jpg", "d.jpg"), ("", "odd")),
        (("d.jpg", "b.jpg", "a.jpg"), ("", "new", "")),
    ],
)
def test_a_deleted_set_is_back_as_it_is_in_the_file(
    log: ReviewLog, keys: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    made = log.sets.save("Doubts", ["a.jpg", "b.jpg", "c.jpg"], "Ada", "run-1")
    log.sets.put(made.id, ["a.jpg"], "dull", "Ada")
    log.sets.take_out(made.id, ["c.jpg"], "Ada")
    log.sets.delete(made.id, "Ada")
    filed = replace(made, keys=keys, notes=notes)
    assert restore_sets(log.sets, [filed], ORIGIN) == (filed,)
    assert log.sets.load() == (filed,)


def test_a_known_set_that_differs_is_said_and_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, file = tmp_path / "one.sqlite", tmp_path / "sets.jsonl"
    with closing(open_log(place)) as log:
        made = log.sets.save("Doubts", ["a.jpg", "b.jpg"], "Ada", "run-1")
        log.sets.save("Same", ["a.jpg"], "Ada", "run-1")
        file.write_bytes(export_sets(log.sets.load()))
        log.sets.take_out(made.id, ["b.jpg"], "Ada")
        kept = log.sets.load()
    assert main(["--reviews", str(place), "import", str(file), "--apply"]) == 0
    told = capsys.readouterr().out
    assert "0 new sets, 2 known. Known ones that differ stay as they are here, 1: Doubts." in told
    with closing(open_log(place)) as log:
        assert log.sets.load() == kept


def test_a_name_that_is_taken_restores_nothing(lone_log: ReviewLog, tmp_path: Path) -> None:
    for name in ("One", "Two"):
        lone_log.sets.save(name, ["a.jpg"], "Ada", "run-1")
    with closing(open_log(tmp_path / "other.sqlite")) as other:
        kept = other.sets.save("two", ["z.jpg"], "Bo", "run-1")
        with pytest.raises(SetRefused, match="Two"):
            restore_sets(other.sets, lone_log.sets.load()[::-1], ORIGIN)
        assert other.sets.load() == (kept,)


@pytest.mark.parametrize("line", ['{"keys": []}', "[1]", "no json", '{"keys": 3, "time": 1}'])
def test_what_is_no_set_is_refused_by_its_line(lone_log: ReviewLog, line: str) -> None:
    lone_log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    content = export_sets(lone_log.sets.load()) + line.encode()
    with pytest.raises(SetRefused, match="Line 2 is not a set"):
        read_sets(content)


def test_a_backup_holds_the_sets_and_is_restored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_log(tmp_path / "one.sqlite")) as log:
        made = log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    assert main(["--reviews", str(tmp_path / "one.sqlite"), "backup", str(tmp_path / "b")]) == 0
    (path,) = (tmp_path / "b").glob("sets-*.jsonl")
    restore = ["--reviews", str(tmp_path / "two.sqlite"), "import", str(path)]
    assert main(restore) == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert main([*restore, "--apply"]) == 0
    with closing(open_log(tmp_path / "two.sqlite")) as log:
        assert log.sets.load() == (made,)
