"""Backup, restore, export and import on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.reviews import open_log
from core.reviews.__main__ import main
from tests.reviews.conftest import say


def test_a_backup_restores_into_an_empty_database(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = open_log(place)
    log.record([say(), say("b.jpg", verdict="wrong", proposed="Baroque", note="é")])
    log.undo("Ada")
    assert main(["--reviews", place, "backup", str(tmp_path / "copies")]) == 0
    (copy,) = (tmp_path / "copies").iterdir()
    restored = tmp_path / "restored.sqlite"
    assert main(["--reviews", str(restored), "import", str(copy)]) == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert main(["--reviews", str(restored), "import", str(copy), "--apply"]) == 0
    again = open_log(restored)
    assert again.load_all().equals(log.load_all())
    again.close()
    log.close()


def test_an_empty_log_can_be_backed_up(tmp_path: Path) -> None:
    assert main(["--reviews", str(tmp_path / "r.sqlite"), "backup", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "verdicts.docx"], "no known form"),
        (["import", "nowhere.csv"], "nowhere.csv cannot be read; found No such file"),
        (["import", "/"], "/ cannot be read; found Is a directory"),
        (["export", "/proc/nowhere/verdicts.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--reviews", str(tmp_path / "r.sqlite"), *arguments]) == 2
    assert said in capsys.readouterr().err
