from collections.abc import Callable
from pathlib import Path

import pytest

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.sources.wikiart_labels import (
    canonical_class,
    find_lists,
    load_lists,
    paintings_from_lists,
)
from core.collection.table import COLUMNS
from core.tasks import FURTHER

Write = Callable[..., Path]
STYLES = ["0 Baroque", "3 Art_Nouveau"]


def test_rows_take_the_names_of_their_classes(write_labels: Write) -> None:
    folder = write_labels(
        style_class=STYLES,
        style_train=["Baroque/rembrandt_a-1642.jpg,0"],
        style_val=["Art_Nouveau_Modern/alphonse-mucha_b.jpg,3"],
        genre_class=["6 portrait"],
        genre_train=["Baroque/rembrandt_a-1642.jpg,6"],
    )
    table = load_lists(folder).table
    assert table["given_style"].tolist() == ["Baroque", "Art_Nouveau_Modern"]
    assert table["split"].tolist() == ["train", "val"]
    assert table["given_genre"].fillna("none").tolist() == ["portrait", "none"]


def test_a_header_and_doubled_commas_read_the_same(write_labels: Write) -> None:
    rows = [("Baroque/a_b.jpg", 0), ("Baroque/c, d_e,f.jpg", 0), ("Art_Nouveau_Modern/g_h.jpg", 3)]
    plain = write_labels(
        "plain", style_class=STYLES, style_train=[f"{path},{label}" for path, label in rows]
    )
    variant = write_labels(
        "variant",
        newline="\n",
        style_class=STYLES,
        style_train=[
            "(Path to image),, (Groundtruth class) ",
            "",
            *(f"{path},,{label}" for path, label in rows),
        ],
    )
    assert load_lists(plain).table.equals(load_lists(variant).table)
    assert load_lists(plain).table.index.tolist() == [path for path, _ in rows]


def test_a_painting_listed_twice_counts_once_and_is_said(write_labels: Write) -> None:
    folder = write_labels(style_class=STYLES, style_train=["Baroque/a_b.jpg,0"] * 2)
    lists = load_lists(folder)
    assert len(lists.table) == 1
    assert "twice" in lists.notes[0]


def test_a_painting_listed_under_two_styles_has_both(write_labels: Write) -> None:
    rows = ["Baroque/a_b.jpg,0", "Baroque/a_b.jpg,3", "Baroque/c_d.jpg,0"]
    lists = load_lists(write_labels(style_class=STYLES, style_train=rows))
    assert lists.table["given_style"].tolist() == ["Baroque", "Baroque"]
    assert lists.table[FURTHER].iloc[0] == ["Art_Nouveau_Modern"]
    assert lists.notes[0] == "The style files list 1 painting under several styles."


def test_listings_need_no_pictures(write_labels: Write) -> None:
    folder = write_labels(
        style_class=STYLES,
        style_train=["Baroque/frans-hals_verdonck-1627.jpg,0", "Art_Nouveau_Modern/x_y.jpg,3"],
    )
    paintings = paintings_from_lists(folder)
    assert list(paintings.columns) == list(COLUMNS)
    hals = paintings.set_index("key").loc["Baroque/frans-hals_verdonck-1627.jpg"]
    assert (hals["artist"], hals["title"], hals["year"]) == ("Frans Hals", "Verdonck", 1627)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "style_train.csv"),
        ({"style_train": ["Baroque/a.jpg,0"]}, "no style_class.txt"),
        ({"style_train": ["Baroque/a.jpg,9"], "style_class": STYLES}, r"no name for \[9\]"),
        ({"style_train": ["a,0", "what?", "b,0"], "style_class": STYLES}, "Line 2 of"),
    ],
)
def test_wrong_files_are_refused(
    write_labels: Write, files: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(CollectionError, match=said):
        load_lists(write_labels(**files))


def test_lists_are_found_in_and_beside_the_folders(tmp_path: Path, write_labels: Write) -> None:
    root = tmp_path / "wikiart"
    root.mkdir()
    assert find_lists(root) is None
    beside = write_labels("wikiart_csv", style_train=[], style_class=STYLES)
    assert find_lists(root) == beside
    inside = write_labels("wikiart/labels", style_train=[], style_class=STYLES)
    assert find_lists(root) == inside


def test_lists_in_a_folder_for_each_task_are_read(tmp_path: Path, write_labels: Write) -> None:
    write_labels("w/Style", style_class=STYLES, style_train=["Baroque/a_b.jpg,0"])
    write_labels("w/Genre", genre_class=["1 cityscape"], genre_val=["Baroque/a_b.jpg,1"])
    assert load_lists(tmp_path / "w").table["given_genre"].tolist() == ["cityscape"]


def test_lists_of_another_encoding_are_read_and_said(write_labels: Write) -> None:
    folder = write_labels(
        style_class=["0 Baroque", "1 Naïve_Art"],
        style_train=["Baroque/a_étude.jpg,0", "Naïve_Art/b_dürer.jpg,1", "Baroque/c_d.jpg,0"],
    )
    for file in folder.iterdir():
        file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    account = Account()
    lists = load_lists(folder, account)
    assert lists.table["given_style"].tolist() == ["Baroque", "Naïve_Art", "Baroque"]
    assert lists.table.index[0] == "Baroque/a_étude.jpg"
    assert sorted(lists.notes) == [
        f"{name} is not UTF-8 and was read as Windows-1252 (Western Europe)."
        for name in ("style_class.txt", "style_train.csv")
    ]
    assert account.entries == []


def test_one_line_of_another_encoding_is_in_the_account(write_labels: Write) -> None:
    folder = write_labels(
        style_class=["0 Baroque"],
        style_train=[*(f"Baroque/a_dürer-{n}.jpg,0" for n in range(9))],
    )
    with (folder / "style_train.csv").open("ab") as opened:
        opened.write("Baroque/b_étude.jpg,0\n".encode("cp1252"))
    account = Account()
    lists = load_lists(folder, account)
    assert lists.table.index[-1] == "Baroque/b_étude.jpg"
    assert account.describe() == [
        "1 label changed, bytes that are not UTF-8, read as Windows-1252 (Western Europe): "
        "style_train.csv line 10"
    ]
    assert "but for line 10" in lists.notes[0]


def test_class_names_have_one_spelling() -> None:
    assert canonical_class(" Art  Nouveau ") == "Art_Nouveau_Modern"
    assert canonical_class("Art_Nouveau_Modern") == "Art_Nouveau_Modern"
    assert canonical_class("Pop Art") == "Pop_Art"


@pytest.mark.slow
@pytest.mark.paintings
def test_the_official_files_give_every_painting(wikiart_labels: Path) -> None:
    paintings = paintings_from_lists(wikiart_labels)
    assert len(paintings) == 81_446
    assert paintings["given_style"].nunique() == 27
    assert paintings["given_genre"].nunique() == 10
    assert paintings["split"].value_counts().to_dict() == {"train": 57_025, "val": 24_421}
    assert int(paintings["given_genre"].notna().sum()) == 64_994
    assert paintings["artist"].nunique() == 1_119  # as many as there are slugs
    assert paintings["artist"].notna().all()
    assert (paintings["key"].str.partition("/")[0] == paintings["given_style"]).all()


@pytest.mark.paintings
def test_the_variant_copy_reads_as_the_official_file(wikiart_labels: Path, tmp_path: Path) -> None:
    for name in ("style_train.csv", "style_class.txt", "artist_class.txt"):
        (tmp_path / name).write_bytes((wikiart_labels / name).read_bytes())
    read = []
    for name in ("artist_train.csv", "artist_train_variant.csv"):
        (tmp_path / "artist_train.csv").write_bytes((wikiart_labels / name).read_bytes())
        read.append(load_lists(tmp_path).table["listed_artist"])
    assert read[0].equals(read[1])
    assert read[0].notna().sum() > 9_000
