"""The command line, as a person and as a program use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.artifacts import Run
from core.classify.__main__ import main
from core.classify.report import build_schema
from tests.classify.conftest import read
from tests.classify.test_batch import make_zip
from tests.images.painted import paint, to_bytes
from tests.images.tiffs import painted, write_tiff

ROOT = Path(__file__).parents[2]


@pytest.fixture
def picture(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "a painting.jpg"
    path.write_bytes(read(run, 0))
    return path


def test_it_answers_in_words(run: Run, picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(picture), "--artifacts", str(run.folder.parent)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("a painting.jpg\n  Style")
    assert "Nearest  Painting 0" in said


def test_what_was_guessed_of_a_picture_is_said(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scan.TIF"
    path.write_bytes(write_tiff(painted(24, 16), painted(80, 60), photometric="rgb"))
    assert main([str(path), "--artifacts", str(run.folder.parent)]) == 0
    said = "scan.TIF: the largest of 2 pages; small: fewer than 64 pixels a side\n"
    assert capsys.readouterr().out.startswith(said)


def test_the_limit_of_megapixels_is_a_setting(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(to_bytes(paint(1, 1200, 1000), "PNG"))
    arguments = [str(path), "--artifacts", str(run.folder.parent)]
    assert main([*arguments, "--max-megapixels", "1"]) == 1
    assert "1.2 megapixels" in capsys.readouterr().out
    assert main([*arguments, "--max-megapixels", "2"]) == 0
    assert main([*arguments, "--max-megapixels", "0"]) == 2
    assert "--max-megapixels is out of range" in capsys.readouterr().err


def test_json_is_a_line_a_picture_true_to_the_schema(run: Run, picture: Path) -> None:
    bundle = picture.with_name("all.zip")
    bundle.write_bytes(make_zip({"b.jpg": read(run, 1), "c.jpg": b"no picture"}))
    command = [sys.executable, "-m", "core.classify", str(picture), str(bundle), "--json"]
    done = subprocess.run(
        [*command, "--run", str(run.folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["name"], line["status"]) for line in lines] == [
        ("a painting.jpg", "answered"),
        ("b.jpg", "answered"),
        ("c.jpg", "refused"),
    ]
    assert lines[0]["answers"]["style"][0]["probability"] <= 1
    assert lines[0]["neighbours"][0]["key"] == run.paintings["key"][0]
    assert lines[2]["reason"].startswith("not an image")
    for line in lines:
        kind = "Report" if line["status"] == "answered" else "Refusal"
        assert set(line) == set(build_schema()["$defs"][kind]["properties"])


def test_what_cannot_be_read_is_said_and_the_rest_answered(
    run: Run, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(picture.with_name("missing.jpg"))
    assert main([missing, str(picture), "--run", str(run.folder)]) == 1
    said = capsys.readouterr().out
    assert "missing.jpg: refused, cannot be read: No such file" in said
    assert "Nearest" in said


def test_without_a_run_the_way_out_is_named(
    tmp_path: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(picture), "--artifacts", str(tmp_path / "none")]) == 2
    assert "make train" in capsys.readouterr().err
    assert main([str(picture), "--run", str(tmp_path / "none")]) == 2
