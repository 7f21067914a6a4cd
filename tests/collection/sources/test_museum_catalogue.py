"""What is kept of a museum's table: its form, and its cells as they stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from core.collection.catalogue import CELLS, Catalogue, build_cells
from core.collection.reading.joins import Join
from core.collection.sources.museum import open_museum, read_museum
from core.collection.sources.museum_catalogue import keep_catalogue
from core.collection.sources.museum_table import load_museum_table

Paint = Callable[..., Path]
ROWS = [
    "id\tfile\tMovement\tArtist",
    "007\ta.jpg\timpressionism \tMonet, Claude",
    "008\tb.jpg\tImpressionism\tMonet, Claude",
    "009\tc.jpg\tImpressionism; Cubism\tunknown",
    "010\td.jpg\tCubism\tGris, Juan",
    "010\td.jpg\tCubism\tGris, Juan",
    "011\te.jpg\t\tGris, Juan",
    "012\tf.jpg\tCubism\tGris, Juan",
]


@pytest.fixture
def table(paint: Paint, tmp_path: Path) -> Path:
    paint([f"{name}.jpg" for name in "abcdef"])
    (tmp_path / "works.csv").write_bytes("\r\n".join(ROWS).encode("utf-8-sig"))
    return tmp_path / "works.csv"


def keep(table: Path) -> Catalogue:
    kept = open_museum(table).catalogue
    assert kept is not None
    return kept


def test_the_form_is_kept(table: Path) -> None:
    form = keep(table).form
    assert (form.file, form.kind, form.encoding, form.has_mark) == (
        "works.csv",
        "text",
        "utf-8",
        True,
    )
    assert (form.separates, form.ends, form.quotes_all) == ("\t", "\r\n", False)
    assert (form.key_column, form.columns) == ("id", {"style": "Movement", "artist": "Artist"})
    assert form.joined == ()


def test_cells_stand_as_they_are_and_beside_them_what_was_read(table: Path) -> None:
    collection = open_museum(table)
    keys = collection.paintings["key"]
    cells = build_cells(collection.paintings, collection.catalogue, keys).set_index(keys)
    assert cells.columns.tolist() == list(CELLS)
    shown = cells[["style_label", "style_cell", "style_read", "artist_cell"]].fillna("")
    told = {key: list(row) for key, *row in shown.itertuples(name=None)}
    spelled = "impressionism"
    assert told["007"] == ["Impressionism", f"{spelled} ", spelled, "Monet, Claude"]
    assert told["009"] == ["Impressionism", "Impressionism; Cubism", "Impressionism", ""]
    assert told["011"] == ["", "", "", "Gris, Juan"]
    assert cells.loc["007", "artist_label"] == "Claude Monet"


def test_labels_of_a_joined_table_are_told_apart(table: Path, tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("id,genre\n007,portrait\n008,portrait\n009,still life\n")
    museum = load_museum_table(table, joins=[Join(tmp_path / "terms.csv", "id")])
    kept = read_museum(museum).catalogue
    assert kept is not None
    assert kept.form.joined == ("genre",)
    assert kept.form.columns["genre"] == "genre"


def test_without_a_key_column_the_files_name_is_the_key(table: Path) -> None:
    table.write_text("file,style\na.jpg,X\nb.jpg,X\n.\\c.jpg,Y\nd.jpg,Y\n")
    kept = keep(table)
    assert kept.form.key_column == "file"
    assert kept.cells.set_index("key").loc["c.jpg", "key_cell"] == ".\\c.jpg"


def test_without_files_the_address_is_the_key(table: Path) -> None:
    table.write_text("Image URL,style\nhttps://m.org/a.jpg,X\nhttps://m.org/b.jpg,Y\n")
    museum = load_museum_table(table, columns={"address": "Image URL"})
    keys = pd.Series(["https://m.org/a.jpg", "https://m.org/b.jpg"], index=museum.rows.index)
    rows = pd.DataFrame({"key": keys, "given_style": museum.rows["style"]})
    kept = keep_catalogue(museum, rows)
    assert kept is not None
    assert (kept.form.key_column, kept.cells["key_cell"].tolist()) == ("Image URL", keys.tolist())


def test_a_table_that_cannot_be_written_as_it_is_is_still_read(table: Path) -> None:
    table.write_bytes("file,style\na.jpg,X\nb.jpg,X\nc.jpg,Y\nd.jpg,Y\n".encode("utf-16") + b"a")
    form = keep(table).form
    assert (form.encoding, form.separates) == ("utf-8", ",")


def test_a_collection_of_no_table_has_labels_alone(table: Path) -> None:
    paintings = open_museum(table).paintings
    cells = build_cells(paintings, None, paintings["key"])
    assert cells["style_label"].equals(paintings["given_style"])
    assert cells.filter(regex="_(cell|read)$").isna().to_numpy().all()
