import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from core.collection.errors import CollectionError
from core.collection.sources.wikiart import open_wikiart

Paint = Callable[..., Path]
Write = Callable[..., Path]

HALS = "Baroque/frans-hals_verdonck-1627.jpg"
STEEN = "Baroque/jan-steen_the-feast.jpg"
MUCHA = "Art_Nouveau_Modern/alphonse-mucha_gismonda-1894.jpg"
MOSER = "Art_Nouveau_Modern/koloman-moser_dance.jpg"
FOUR = (HALS, STEEN, MUCHA, MOSER)
STYLES = ["0 Baroque", "3 Art_Nouveau"]


def test_a_folder_is_a_style_and_a_name_the_rest(paint: Paint, tmp_path: Path) -> None:
    collection = open_wikiart(paint(FOUR))
    table = collection.paintings.set_index("key")
    assert sorted(table.index) == sorted(FOUR)
    assert table.loc[HALS, ["artist", "given_artist", "title"]].tolist() == [
        "Frans Hals",
        "Frans Hals",
        "Verdonck",
    ]
    assert table.loc[HALS, "year"] == 1627
    assert table["given_genre"].isna().all()
    assert table["split"].isna().all()
    assert collection.identity == str(tmp_path)
    reader = pickle.loads(pickle.dumps(collection.reader))
    assert reader.read(HALS) == (tmp_path / HALS).read_bytes()


def test_the_folder_may_lie_one_deeper(paint: Paint, tmp_path: Path) -> None:
    paint(FOUR, tmp_path / "download/wikiart")
    deeper, straight = (
        open_wikiart(tmp_path / "download"),
        open_wikiart(tmp_path / "download/wikiart"),
    )
    assert deeper.paintings.equals(straight.paintings)
    assert deeper.identity == straight.identity


def test_two_trees_in_one_folder_are_refused(paint: Paint, tmp_path: Path) -> None:
    paint(FOUR, tmp_path / "train")
    paint(FOUR, tmp_path / "test")
    with pytest.raises(CollectionError, match="test, train"):
        open_wikiart(tmp_path)


def test_official_labels_add_genre_and_split(paint: Paint, write_labels: Write) -> None:
    labels = write_labels(
        style_class=STYLES,
        style_train=[f"{HALS},0", "Baroque/someone_absent.jpg,0"],
        style_val=[f"{MUCHA},3"],
        genre_class=["6 portrait"],
        genre_val=[f"{HALS},6"],
    )
    collection = open_wikiart(paint(FOUR), labels)
    table = collection.paintings.set_index("key")
    assert table["given_genre"].dropna().to_dict() == {HALS: "portrait"}
    assert table["split"].dropna().to_dict() == {HALS: "train", MUCHA: "val"}
    assert table.loc[STEEN, "given_style"] == "Baroque"  # unlisted: the folder's
    (note,) = [note for note in collection.notes if "Official labels" in note]
    assert "2 of 4 images are listed" in note
    assert "1 of the 3 listed paintings have no image" in note


def test_lists_override_the_folder_and_say_so(paint: Paint, write_labels: Write) -> None:
    labels = write_labels(style_class=STYLES, style_train=[f"{HALS},3"])
    collection = open_wikiart(paint((*FOUR, "Baroque/jan-steen_two.jpg")), labels)
    given = collection.paintings.set_index("key")["given_style"]
    assert given[HALS] == "Art_Nouveau_Modern"
    assert any(HALS in note and "override" in note for note in collection.notes)


@pytest.mark.parametrize("folder", ["Art_Nouveau", "Art Nouveau", "Art_Nouveau_Modern"])
def test_art_nouveau_is_one_style_however_spelled(
    paint: Paint, write_labels: Write, folder: str
) -> None:
    on_disk = f"{folder}/alphonse-mucha_gismonda-1894.jpg"
    labels = write_labels(style_class=STYLES, style_val=[f"{MUCHA},3"])
    collection = open_wikiart(paint([HALS, STEEN, MOSER, on_disk]), labels)
    painting = collection.paintings.set_index("key").loc[on_disk]
    assert (painting["given_style"], painting["split"]) == ("Art_Nouveau_Modern", "val")


@pytest.mark.parametrize(
    ("on_disk", "listed"),
    [
        ("joaquín-sorolla", "joaquã\xadn-sorolla"),
        ("joaquã\xadn-sorolla", "joaquín-sorolla"),
        ("joaqu├¡n-sorolla", "joaquã\xadn-sorolla"),
        ("joaquin-sorolla", "joaquã\xadn-sorolla"),
        ("joaquã\xadn-sorolla", "joaquã\xadn-sorolla"),
    ],
)
def test_mis_encoded_names_match(
    paint: Paint, write_labels: Write, on_disk: str, listed: str
) -> None:
    labels = write_labels(style_class=STYLES, style_train=[f"Baroque/{listed}_boat-1908.jpg,0"])
    collection = open_wikiart(paint([*FOUR, f"Baroque/{on_disk}_boat-1908.jpg"]), labels)
    painting = collection.paintings.set_index("key").loc[f"Baroque/{on_disk}_boat-1908.jpg"]
    assert painting["split"] == "train"
    assert painting["artist"] in ("Joaquín Sorolla", "Joaquin Sorolla")
    assert any("another spelling" in note for note in collection.notes) is (on_disk != listed)


KAGGLE = "filename,artist,genre,description,phash,width,height,genre_count,subset\n"


def test_kaggles_table_gives_style_and_split(paint: Paint) -> None:
    root = paint([*FOUR, "Baroque/jan-steen_two.jpg"])
    (root / "classes.csv").write_text(
        KAGGLE
        + f"{HALS},frans hals,['Baroque'],verdonck,9a,8,8,1,train\n"
        + f"\"{STEEN}\",jan steen,\"['Art Nouveau Modern', 'Baroque']\",feast,9b,8,8,2,test\n"
        + f"{MUCHA},alphonse mucha,nonsense,gismonda,9c,8,8,1,uncertain artist\n",
        encoding="utf-8",
    )
    collection = open_wikiart(root)
    table = collection.paintings.set_index("key")
    assert table["split"].dropna().to_dict() == {HALS: "train", STEEN: "val"}
    assert table.loc[STEEN, "given_style"] == "Art_Nouveau_Modern"
    assert table.loc[MUCHA, "given_style"] == "Art_Nouveau_Modern"
    said = " ".join(collection.notes)
    assert "3 of 5 images" in said
    assert STEEN in said
    assert "classes.csv: 1 row without a readable list" in said


def test_another_classes_csv_is_refused(paint: Paint) -> None:
    root = paint(FOUR)
    (root / "classes.csv").write_text("class,count\nBaroque,2\n")
    with pytest.raises(CollectionError, match=r"filename, genre; found class, count"):
        open_wikiart(root)


def test_no_image_says_what_is_there(paint: Paint, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="no image and 0 folders"):
        open_wikiart(tmp_path)
    paint(["one.jpg", "two.jpg"])
    with pytest.raises(CollectionError, match="2 images directly in it"):
        open_wikiart(tmp_path)


def test_styles_of_one_painting_are_named_and_kept(paint: Paint) -> None:
    collection = open_wikiart(paint([*FOUR, "Rococo/francois-boucher_venus.jpg"]))
    assert "Rococo" in set(collection.paintings["given_style"])
    (note,) = [note for note in collection.notes if "Rococo" in note]
    assert "1 style with one painting" in note


def test_too_few_styles_to_learn_are_refused(paint: Paint) -> None:
    with pytest.raises(
        CollectionError, match=r"2 styles with one painting.*Rococo.*merge the small styles"
    ):
        open_wikiart(paint([HALS, STEEN, "Rococo/a_b.jpg", "Cubism/c_d.jpg"]))


@pytest.mark.paintings
def test_every_thumbnail_finds_its_official_labels(
    wikiart_mini: Path, wikiart_labels: Path
) -> None:
    collection = open_wikiart(wikiart_mini, wikiart_labels)
    table = collection.paintings
    assert len(table) == 3_066
    assert table["given_style"].nunique() == 13
    assert table["split"].notna().all()
    assert (table["artist"] == "Jackson Pollock").sum() == 77
    assert (table["artist"] == "Hilma af Klint").sum() == 3
    assert not any("overrid" in note or "disagree" in note for note in collection.notes)


@pytest.mark.paintings
def test_repaired_file_names_still_find_the_official_rows(
    wikiart_mini: Path, wikiart_labels: Path, tmp_path: Path
) -> None:
    from core.collection.reading.encoding import repair_name

    harmed = [path for path in wikiart_mini.glob("*/*.jpg") if not path.name.isascii()]
    assert len(harmed) > 20
    for path in [*harmed, *wikiart_mini.glob("Rococo/*.jpg")]:
        folder = tmp_path / path.parent.name
        folder.mkdir(exist_ok=True)
        (folder / repair_name(path.name)).symlink_to(path)
    for link in tmp_path.glob("*/*.jpg"):  # links that lead out are not followed: use copies
        data = link.read_bytes()
        link.unlink()
        link.write_bytes(data)
    collection = open_wikiart(tmp_path, wikiart_labels)
    assert collection.paintings["split"].notna().all()
    assert any(f"{len(harmed)} of them under another" in note for note in collection.notes)
