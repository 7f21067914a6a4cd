"""The command: a file, or what is wrong."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from core.artifacts import open_run
from core.report.__main__ import main
from core.reviews import open_log
from core.reviews.urls import REVIEWS
from tests.report.reading import read_report
from tests.reviews.conftest import say
from tests.synthetic_run import build_run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run below ``artifacts``, where the command is started."""
    monkeypatch.delenv(REVIEWS, raising=False)
    monkeypatch.chdir(tmp_path)
    return build_run(tmp_path / "artifacts")


def test_the_file_is_written_and_no_database(folder: Path, tmp_path: Path) -> None:
    assert main([str(folder), "out/report.html"]) == 0
    first = (tmp_path / "out" / "report.html").read_bytes()
    assert "No verdicts yet." in read_report(first).text
    assert not list(tmp_path.rglob("*.sqlite"))
    assert main([str(folder), "out/report.html"]) == 0
    assert (tmp_path / "out" / "report.html").read_bytes() == first


def test_verdicts_are_found_at_the_usual_place_and_where_they_are_said_to_be(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = open_run(folder).paintings["key"]
    for place, count in (("artifacts/reviews.sqlite", 1), ("else.sqlite", 2), ("env.sqlite", 3)):
        with closing(open_log(place)) as log:
            log.record([say(key) for key in keys[:count]])
    told = {}
    for name, flags in (("usual", []), ("else", ["--reviews", "else.sqlite"])):
        assert main([str(folder), f"{name}.html", *flags]) == 0
        told[name] = read_report((tmp_path / f"{name}.html").read_bytes()).text
    monkeypatch.setenv(REVIEWS, "env.sqlite")
    assert main([str(folder), "env.html"]) == 0
    told["env"] = read_report((tmp_path / "env.html").read_bytes()).text
    for name, judged in (("usual", "1 painting"), ("else", "2 paintings"), ("env", "3 paintings")):
        assert f"{judged} judged by 1 reviewer" in told[name]


def test_what_is_wrong_is_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "report.html"]) == 2
    assert "holds no run" in capsys.readouterr().err
    assert main([str(folder), "report.html", "--reviews", "no.sqlite"]) == 2
    assert "no.sqlite" in capsys.readouterr().err
    assert not (tmp_path / "no.sqlite").exists()
    assert main([str(folder), str(folder)]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()


def test_a_run_that_was_changed_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = folder / "metrics.json"
    text = metrics.read_text()
    metrics.write_text(text.replace("0.5", "0.9", 1))
    assert main([str(folder), "report.html"]) == 2
    assert "metrics.json" in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()
