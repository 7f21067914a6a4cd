import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.table import (
    COLUMNS,
    FolderReader,
    build_paintings,
    count_labels,
    note_labels,
    require_labels,
)
from core.tasks import FURTHER


@settings(max_examples=30)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, unique_by=str.strip))
def test_any_keys_become_a_complete_sorted_table(keys: list[str]) -> None:
    if any(not key.strip() for key in keys):
        return
    table = build_paintings(pd.DataFrame({"key": keys}), where="here")
    assert list(table.columns) == list(COLUMNS)
    assert set(table["key"]) == {key.strip() for key in keys}
    assert table["key"].is_monotonic_increasing
    assert table.drop(columns="key").isna().all(axis=None)


def test_blank_text_becomes_null() -> None:
    rows = pd.DataFrame({"key": ["a", "b"], "title": [" ", " x "], "artist": ["", None]})
    table = build_paintings(rows, where="here")
    assert table["title"].fillna("none").tolist() == ["none", "x"]
    assert table["artist"].isna().all()


def test_who_is_no_person_keeps_the_printed_name_and_is_no_class() -> None:
    printed = ["Anon.", "Circle of Rubens", "Dutch School", "Peter Paul Rubens"]
    rows = pd.DataFrame({"key": list("abcd"), "artist": printed, "given_artist": printed})
    table = build_paintings(rows, where="here")
    assert table["artist"].tolist() == printed
    assert table["given_artist"].isna().tolist() == [True, True, True, False]


def test_every_source_gets_one_spelling_a_label() -> None:
    rows = pd.DataFrame(
        {
            **{"key": list("abcd"), "given_style": ["Op_Art", "Op-Art", "Op-Art", "Pop"]},
            "artist": ["Ash, Ann", "Ann Ash", "ann  ash", "Hals, Frans"],
            "given_artist": ["Ash, Ann", "Ann Ash", "ann  ash", None],
        }
    )
    account = Account()
    table = build_paintings(rows, where="here", account=account)
    assert table["given_style"].tolist() == ["Op-Art", "Op-Art", "Op-Art", "Pop"]
    assert table["artist"].tolist() == ["Ann Ash", "Ann Ash", "Ann Ash", "Frans Hals"]
    assert table["given_artist"].dropna().tolist() == ["Ann Ash"] * 3
    assert account.count("label", "changed") == 4


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ([], "here holds no painting"),
        (["a", ""], "here has 1 row without a key"),
        (["a", "a", "b"], "here has 1 key in more than one row; found a"),
    ],
)
def test_bad_keys_are_refused(keys: list[str], said: str) -> None:
    with pytest.raises(CollectionError, match=said):
        build_paintings(pd.DataFrame({"key": keys}), where="here")


def styled(*styles: str | None) -> pd.DataFrame:
    rows = pd.DataFrame({"key": [str(n) for n in range(len(styles))], "given_style": styles})
    return build_paintings(rows, where="here")


def test_two_styles_of_two_works_can_be_learned() -> None:
    require_labels(styled("a", "a", "b", "b", "c", None), where="here")
    with pytest.raises(CollectionError, match="names 1 style; found 3 paintings, labelled"):
        require_labels(styled("a", "a", None), where="here")
    with pytest.raises(CollectionError, match="names 0 styles"):
        require_labels(styled(None, None), where="here")
    with pytest.raises(CollectionError, match="2 styles with one painting: b, c"):
        require_labels(styled("a", "a", "b", "c"), where="here")


def test_lone_labels_are_named() -> None:
    assert note_labels(styled("a", "a", "b", "b")) == []
    (note,) = note_labels(styled("a", "a", "b", "c"))
    assert "2 styles with one painting" in note
    assert "b, c" in note


def test_a_reader_stays_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (tmp_path / "root/link.jpg").symlink_to(tmp_path / "secret.jpg")
    reader = FolderReader(tmp_path / "root")
    for image in ("../secret.jpg", str(tmp_path / "secret.jpg"), "link.jpg"):
        with pytest.raises(PermissionError, match="outside"):
            reader.read(image)
    with pytest.raises(FileNotFoundError):
        reader.read("absent.jpg")


def test_a_stamp_changes_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"one")
    reader = FolderReader(tmp_path)
    before = reader.stamp("a.jpg")
    assert reader.stamp("a.jpg") == before
    (tmp_path / "a.jpg").write_bytes(b"three")
    assert reader.stamp("a.jpg") != before


def test_the_table_needs_no_source() -> None:
    """What only reads tables and pictures runs without the libraries of the sources."""
    code = (
        "import sys, core.collection.table\n"
        "print(sorted({'tyro', 'ftfy', 'rich', 'torch', 'huggingface_hub'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_painting_of_several_styles_counts_under_each() -> None:
    rows = pd.DataFrame(
        {"key": list("abc"), "image": list("abc"), "given_style": ["Op", "Pop", "Op"]}
    )
    rows[FURTHER] = pd.Series([["pop", "Op", "Dada"], [], None], dtype="object")
    account = Account()
    paintings = build_paintings(rows, where="here", account=account)
    assert paintings[FURTHER].tolist() == [("Pop", "Dada"), None, None]
    assert count_labels(paintings, "style").to_dict() == {"Op": 2, "Pop": 2, "Dada": 1}
    require_labels(paintings, where="here")
    (note,) = (each for each in note_labels(paintings) if "one painting" in each)
    assert note.endswith("not judged: Dada.")
