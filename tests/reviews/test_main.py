"""Backup, restore, export and import on the command line."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from core.artifacts import open_run
from core.reviews import open_log
from core.reviews.__main__ import main
from tests.reviews.conftest import say
from tests.synthetic_run import build_run


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


def test_an_export_names_the_paintings_of_a_run(tmp_path: Path) -> None:
    folder = build_run(tmp_path)
    painting = open_run(folder).paintings.loc[2]
    place, out = str(tmp_path / "r.sqlite"), tmp_path / "verdicts.csv"
    log = open_log(place)
    moved = say("renamed.jpg", given="Cubism", content_hash=str(painting["content_hash"]))
    log.record([moved, say("elsewhere.jpg")])
    log.close()
    assert main(["--reviews", place, "export", str(out), "--run", str(folder)]) == 0
    told = pd.read_csv(out).set_index("key")
    assert told.loc["renamed.jpg", "title"] == painting["title"]
    assert told.loc["renamed.jpg", "artist"] == painting["artist"]
    assert told.loc["elsewhere.jpg", ["title", "artist"]].isna().all()
    other = str(tmp_path / "other.sqlite")
    assert main(["--reviews", other, "import", str(out), "--apply"]) == 0
    with closing(open_log(other)) as again:
        assert again.load_all()["key"].tolist() == ["renamed.jpg", "elsewhere.jpg"]


def test_corrections_are_written_for_the_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = build_run(tmp_path)
    paintings = open_run(folder).paintings
    key, given, content = map(str, paintings.loc[2, ["key", "given_style", "content_hash"]])
    new = "Cubism" if given != "Cubism" else "Baroque"
    place = str(tmp_path / "r.sqlite")
    log = open_log(place)
    log.record([say(key, "wrong", given=given, content_hash=content, proposed=new)])
    log.close()
    out = tmp_path / "out"
    assert main(["--reviews", place, "changes", str(folder), str(out)]) == 0
    assert "1\u00a0correction" in capsys.readouterr().out.replace(" ", "\u00a0")
    assert sorted(file.name for file in out.iterdir()) == [
        "changes.csv",
        "decisions.csv",
        "decisions.jsonld",
        "undo.csv",
    ]
    place_of_it = ["--address", "https://curator.museum.org"]
    assert main(["--reviews", place, "changes", str(folder), str(out), *place_of_it]) == 0
    assert "https://curator.museum.org/iiif/3/" in (out / "annotations.jsonld").read_text()
    table = tmp_path / "new.csv"
    table.write_text(f"File;Movement\n{key};{new}\n")
    arguments = ["--reviews", place, "changes", str(folder), str(out), "--against", str(table)]
    assert main([*arguments, "--form", "xlsx"]) == 0
    assert "1 done: the table says it already." in capsys.readouterr().out
    table.write_text("a;b\n1;2\n")
    assert main(arguments) == 2
    assert "new.csv has no column 'File'" in capsys.readouterr().err
