"""Cleaned labels in WikiArt's form, read back by the collection's own reader."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.collection.sources.wikiart_labels import canonical_class, load_lists
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


def write(keys: list[str], styles: list[str]) -> dict[str, str]:
    """The label files of paintings without verdicts."""
    paintings = pd.DataFrame({"key": keys, "given_style": styles, "split": None})
    paintings = paintings.assign(given_artist=None, given_genre=None)
    return build_label_files(paintings, decide(build_table([]), paintings))


def test_usual_names_are_written_as_the_official_lists_are() -> None:
    keys = ["Cubism/a-b_c-d-1912(3).jpg", "Art & Language/näïve (100%) 'x' #1?.jpg"]
    files = write(keys, ["Cubism", "Art & Language"])
    assert files["style_train.csv"] == f"{keys[0]},1\n{keys[1]},0\n"
    assert files["style_class.txt"] == "0 Art & Language\n1 Cubism\n"


SPECIAL_NAMES = [
    *("line\nbreak_eight.jpg", "a\r\nb.jpg", "a\rb.jpg", 'o\'k_"six".jpg', "semi;colon,comma.jpg"),
    *('=HYPERLINK("x").jpg', "-leading.jpg", " spaced .jpg ", "a,1", "a;1", "a\t1", '"', '""'),
    *("\u202egnol.jpg", "a\u2028b.jpg", "a\x0bb\x85c.jpg", "🎨.jpg", "back\\slash.jpg", "a,b\n0,1"),
]


def test_names_of_any_kind_come_back(tmp_path: Path) -> None:
    keys = [f"{folder}{name}" for name in SPECIAL_NAMES for folder in ("Pop_Art/", "")]
    styles = ["Pop_Art"] * len(keys)
    styles[-1] = "Cubism"
    table = read_back(write(keys, styles), tmp_path)
    assert table.index.tolist() == keys
    assert table["given_style"].tolist() == styles


NAMED = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # as file names


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.text(NAMED, min_size=1).filter(str.strip),
            st.sampled_from(["Cubism", "Line\nbreak", "Näïve Art (100%)", ": colon", "7", "a,b;c"]),
        ),
        min_size=1,
        unique_by=lambda each: each[0],
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_exported_comes_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    keys, styles = map(list, zip(*rows, strict=True))
    table = read_back(write(keys, styles), tmp_path)
    assert table["given_style"].to_dict() == {
        key: canonical_class(style) for key, style in zip(keys, styles, strict=True)
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_lists_that_a_spreadsheet_saved_are_read(tmp_path: Path, encoding: str) -> None:
    rows = ["Cubism/dürer.jpg;0", '"Cubism/b;""c"".jpg";1', "Cubism/d, e.jpg;0"]
    (tmp_path / "style_train.csv").write_text("\r\n".join(rows), encoding)
    (tmp_path / "style_class.txt").write_text("0 Cubism\n1 Fauvism\n")
    table = load_lists(tmp_path).table
    assert table["given_style"].to_dict() == {
        "Cubism/dürer.jpg": "Cubism",
        'Cubism/b;"c".jpg': "Fauvism",
        "Cubism/d, e.jpg": "Cubism",
    }


def test_a_stray_quotation_mark_swallows_no_line(tmp_path: Path) -> None:
    (tmp_path / "style_train.csv").write_text('"six_a.jpg,0\nb.jpg,1\n"seven"_c.jpg,0\nd.jpg,1\n')
    (tmp_path / "style_class.txt").write_text("0 Cubism\n1 Fauvism\n")
    listed = load_lists(tmp_path).table.index.tolist()
    assert listed == ['"six_a.jpg', "b.jpg", '"seven"_c.jpg', "d.jpg"]


def test_a_painting_of_several_labels_has_a_row_for_each(paintings: pd.DataFrame) -> None:
    several = pd.Series([("Dada", "Pop"), None, ("Cubism",), None], dtype="object")
    paintings = paintings.assign(further_styles=several)
    verdicts = [
        say("Cubism/a.jpg", "wrong", given="Dada", proposed="Realism", of_several="Dada"),
        say("Baroque/c.jpg", "wrong", given="Baroque", of_several="Baroque"),
    ]
    files = build_label_files(paintings, decide(build_table(verdicts), paintings))
    names = [line.split(" ", 1)[1] for line in files["style_class.txt"].splitlines()]
    rows = [line.rsplit(",", 1) for line in files["style_train.csv"].splitlines()]
    assert [(key, names[int(number)]) for key, number in rows] == [
        ("Cubism/a.jpg", "Cubism"),
        ("Cubism/a.jpg", "Realism"),
        ("Cubism/a.jpg", "Pop"),
        ("Baroque/c.jpg", "Cubism"),
    ]
