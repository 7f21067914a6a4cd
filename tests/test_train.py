"""The trainer's command line, up to where training begins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import train

ROOT = Path(train.__file__).parent


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["train.py", *map(str, arguments)])
    return train.main()


@pytest.fixture
def museum(tmp_path: Path) -> Path:
    file = tmp_path / "m.csv"
    file.write_text("file,movement,period\n=a.jpg,Cubism,Edo\nb.jpg,Rococo,\n")
    return file


def test_an_open_question_ends_a_dry_run_with_status_2(
    museum: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account = museum.with_name("account.csv")
    assert run(monkeypatch, museum, "--dry-run", "--account", account) == 2
    said = capsys.readouterr()
    assert "--label-column period" in said.out
    assert "1 question open" in said.err
    lines = account.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "kind,name,fate,reason"
    assert len(lines) == 1 + 2 + 3


def test_the_doctor_speaks_without_torch(museum: Path) -> None:
    code = (
        "import sys, train; sys.argv = ['train.py', *sys.argv[1:]]; status = train.main();"
        "print(status, sorted({'torch', 'sqlalchemy', 'scipy', 'onnxruntime'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(museum), "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert told.stdout.splitlines()[-1] == "2 []"


def test_a_mapping_is_saved_for_the_table(museum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mapping = museum.with_name("m.toml")
    asked: list[str | Path] = [
        museum,
        "--dry-run",
        "--style-column",
        "movement",
        "--save-mapping",
        mapping,
    ]
    assert run(monkeypatch, *asked) == 2  # there are no pictures
    assert 'style = "movement"' in mapping.read_text()


def test_a_mapping_is_saved_in_a_dry_run_only(
    museum: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, museum, "--save-mapping", museum.with_name("m.toml")) == 2
    assert "without --dry-run" in capsys.readouterr().err


def test_an_account_that_cannot_be_written_is_said(
    museum: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, museum, "--dry-run", "--account", museum / "no" / "a.csv") == 2
    assert "a.csv cannot be written" in capsys.readouterr().err


def test_a_dry_run_fetches_nothing_and_says_what_training_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "m.csv", tmp_path / "pictures"
    rows = [f"http://127.0.0.1:1/{n}.jpg,{'AB'[n % 2]}" for n in range(4)]
    file.write_text("\n".join(["image_url,style", *rows]) + "\n")
    assert run(monkeypatch, file, "--dry-run", "--images", folder) == 0
    out = capsys.readouterr().out
    assert f"first fetches into {folder}: 4 pictures at 1 host, of unknown size." in out
    assert not folder.exists()
    assert run(monkeypatch, file, "--dry-run") == 2
    assert "python -m core.fetch" in capsys.readouterr().err
    assert run(monkeypatch, "s3://museum/scans", "--dry-run") == 2
    assert "s3://museum/scans is not on this machine" in capsys.readouterr().err
