"""Worklists as files: read back whole, restored once, refused with the line that is wrong."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from core.reviews import ReviewLog, WorklistRefused, open_log
from core.reviews.__main__ import main
from core.reviews.origins import describe_origin
from core.reviews.set_files import is_set_file, restore_sets
from core.reviews.worklist_files import (
    export_worklists,
    is_worklist_file,
    read_worklists,
    restore_worklists,
)
from tests.reviews.test_worklists import assign

ORIGIN = describe_origin("Cy", "worklists.jsonl", b"content")


def test_a_file_is_read_back_as_it_was(lone_log: ReviewLog) -> None:
    worklists = (assign(lone_log, "Käthe 🖌"), assign(lone_log, "Bo", second=True))
    content = export_worklists(worklists)
    assert is_worklist_file(content)
    assert not is_set_file(content)
    assert read_worklists(content) == worklists


def test_worklists_are_restored_once_after_their_sets(log: ReviewLog, tmp_path: Path) -> None:
    made = assign(log)
    with closing(open_log(tmp_path / "other.sqlite")) as other:
        with pytest.raises(WorklistRefused, match="Restore the sets first"):
            restore_worklists(other.worklists, [made], ORIGIN)
        restore_sets(other.sets, log.sets.load(), ORIGIN)
        assert restore_worklists(other.worklists, [made], ORIGIN) == (made,)
        assert restore_worklists(other.worklists, [made], ORIGIN) == ()
        assert other.worklists.load() == (made,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"no"', '"maybe"'),
        ('"style"', '"<style>"'),
        ('"Bo"', '""'),
        ('"time": "20', '"time": "10'),
        ('"person": "Bo"', '"person": ["Bo"]'),
    ],
)
def test_what_is_no_worklist_is_refused_by_its_line(
    lone_log: ReviewLog, old: str, new: str
) -> None:
    good = export_worklists([assign(lone_log, "Cy")]).decode()
    bad = export_worklists([assign(lone_log, "Bo")]).decode().replace(old, new, 1)
    with pytest.raises(WorklistRefused, match="Line 2 is not a worklist"):
        read_worklists((good + bad).encode())


def test_a_backup_holds_the_worklists_and_is_restored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_log(tmp_path / "one.sqlite")) as log:
        made = assign(log)
    assert main(["--reviews", str(tmp_path / "one.sqlite"), "backup", str(tmp_path / "b")]) == 0
    assert "1 worklists in" in capsys.readouterr().out
    for kind in ("sets", "worklists"):
        (path,) = (tmp_path / "b").glob(f"{kind}-*.jsonl")
        restore = ["--reviews", str(tmp_path / "two.sqlite"), "import", str(path)]
        assert main(restore) == 0
        assert "Nothing was changed" in capsys.readouterr().out
        assert main([*restore, "--apply"]) == 0
    with closing(open_log(tmp_path / "two.sqlite")) as log:
        assert log.worklists.load() == (made,)
