"""`python -m core.fetch`: a table's pictures, what is said of them, and training's way to them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from core.collection.open import SourceOptions, open_collection
from core.fetch.__main__ import main
from core.fetch.museum import LISTING
from tests.fetch.loopback import Loopback, make_picture

pytestmark = pytest.mark.server
Say = pytest.CaptureFixture[str]


def write_table(server: Loopback, file: Path, rows: int = 8) -> Path:
    """Pictures by turns of two styles and two rights; the last is not there."""
    lines = ["id,iiifurl,style,rights"]
    for number in range(rows - 1):
        style, rights = "AB"[number % 2], ("CC0", "In copyright")[number // 2 % 2]
        lines.append(f"K{number},{server.url}/{number}.jpg,{style},{rights}")
    file.write_text("\n".join([*lines, f"K{rows - 1},{server.url}/lost.jpg,A,CC0"]) + "\n")
    return file


def test_the_whole_way_from_a_table_to_a_collection(
    server: Loopback, tmp_path: Path, capsys: Say
) -> None:
    table, folder = write_table(server, tmp_path / "m.csv"), tmp_path / "pictures"
    assert main([str(table), "--image-column", "iiifurl", "--to", str(folder)]) == 1
    said = capsys.readouterr()
    assert "To fetch: 8 pictures at 1 host, about 0.00" in said.err
    assert "7 pictures, 0.0 MB, in" in said.out
    assert "1 row refused, answered 404 Not Found: line 9" in said.out
    assert f"python train.py {table} --images {folder}" in said.out
    collection = open_collection(SourceOptions(str(table), images=folder))
    painting = collection.paintings.set_index("key").loc["K3"].to_dict()
    assert collection.reader.read(painting["image"]) == make_picture(3)
    assert painting["source_url"] == f"{server.url}/3.jpg"
    assert painting["rights"] == "In copyright"
    assert "Left out: 1 row, answered 404 Not Found" in "\n".join(collection.notes)
    with (folder / LISTING).open(encoding="utf-8-sig") as opened:
        listing = {row["key"]: row for row in csv.DictReader(opened)}
    assert (folder / listing["K3"]["file"]).read_bytes() == make_picture(3)
    assert listing["K7"]["reason"] == "answered 404 Not Found"


def test_without_a_key_the_address_is_the_key(server: Loopback, tmp_path: Path) -> None:
    table, folder = tmp_path / "m.csv", tmp_path / "pictures"
    rows = [f"{server.url}/{number}.jpg,{'AB'[number % 2]}" for number in range(6)]
    table.write_text("\n".join(["image_url,style", *rows]) + "\n")
    assert main([str(table), "--to", str(folder)]) == 0
    collection = open_collection(SourceOptions(str(table), images=folder))
    assert set(collection.paintings["key"]) == {f"{server.url}/{n}.jpg" for n in range(6)}
    assert collection.catalogue is not None
    assert collection.catalogue.form.key_column == "image_url"


def test_only_rows_that_pass_are_asked_for(server: Loopback, tmp_path: Path, capsys: Say) -> None:
    table, folder = write_table(server, tmp_path / "m.csv"), tmp_path / "pictures"
    words = [str(table), "--to", str(folder), "--only", "rights=cc0", "--only", "style=A"]
    assert main(words) == 1
    asked = {path for path in server.seen.paths if not path.startswith("HEAD")}
    assert asked == {"/0.jpg", "/4.jpg", "/lost.jpg"}
    out = capsys.readouterr().out
    assert "3 rows left out, rights is not cc0: line 4, line 5, line 8" in out
    assert "2 rows left out, style is not A" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["m.csv", "--only", "rights"], "--only 'rights' is not a test"),
        (["m.csv", "--only", "licence=CC0"], "tests a column that is not there"),
        (["m.csv", "--images", "x"], "--images does not apply"),
        (["m.csv", "--per-host", "0"], "--per-host is out of range"),
        (["m.csv", "--max-megabytes", "-1"], "--max-megabytes is out of range"),
        (["n.csv"], "n.csv names no addresses"),
        (["demo"], "demo is not a table"),
        (["nothing.csv"], "There is no file or folder"),
    ],
)
def test_errors_name_the_thing_and_the_way_out(
    tmp_path: Path, capsys: Say, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.csv").write_text("id,image_url,style,rights\n1,http://a.invalid/1.jpg,A,CC0\n")
    Path("n.csv").write_text("id,style\n1,A\n")
    assert main([*words, "--to", "pictures"]) == 2
    assert told in capsys.readouterr().err
    assert not Path("pictures").exists()
