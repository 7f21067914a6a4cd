"""Cleaned labels in WikiArt's form, read back by the collection's own reader."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from core.collection.sources.wikiart_labels import load_lists
from core.reviews.label_files import build_label_files, pack
from core.reviews.log import build_table
from core.reviews.majority import decide
from tests.reviews.conftest import say


@pytest.fixture
def paintings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": ["Cubism/a.jpg", "Cubism/b.jpg", "Baroque/c.jpg", "Baroque/d.jpg"],
            "given_style": ["Cubism", "Cubism", "Baroque", "Baroque"],
            "given_genre": ["landscape", None, "portrait", None],
            "given_artist": [None] * 4,
            "split": ["train", "val", None, "val"],
        }
    )


def read_back(files: dict[str, str], folder: Path) -> pd.DataFrame:
    with zipfile.ZipFile(io.BytesIO(pack(files))) as archive:
        archive.extractall(folder)
    return load_lists(folder).table


def test_without_verdicts_the_labels_come_back(paintings: pd.DataFrame, tmp_path: Path) -> None:
    table = read_back(build_label_files(paintings, decide(build_table([]), paintings)), tmp_path)
    assert table["given_style"].to_dict() == paintings.set_index("key")["given_style"].to_dict()
    assert table.loc["Cubism/b.jpg", "split"] == "val"
    assert table.loc["Baroque/c.jpg", "given_genre"] == "portrait"


def test_corrections_are_in_and_what_has_no_label_is_out(
    paintings: pd.DataFrame, tmp_path: Path
) -> None:
    verdicts = [
        say("Cubism/a.jpg", "wrong", proposed="Realism"),
        say("Cubism/b.jpg", "wrong"),
        say("Baroque/c.jpg", "bad image", given="Baroque"),
        say("Baroque/d.jpg", "outlier", given="Baroque"),
        say("Cubism/a.jpg", "right", task="genre", given="landscape"),
    ]
    files = build_label_files(paintings, decide(build_table(verdicts), paintings))
    table = read_back(files, tmp_path)
    assert table["given_style"].to_dict() == {"Cubism/a.jpg": "Realism", "Baroque/d.jpg": "Baroque"}
    assert files["genre_train.csv"] == "Cubism/a.jpg,0\n"
    assert "artist_class.txt" not in files
