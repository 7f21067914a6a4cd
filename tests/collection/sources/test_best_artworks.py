from collections.abc import Callable
from pathlib import Path

import pytest

from core.collection.errors import CollectionError
from core.collection.sources.best_artworks import is_best_artworks, open_best_artworks

Paint = Callable[..., Path]
ARTISTS = """id,name,years,genre,nationality,bio,wikipedia,paintings
0,Vincent van Gogh,1853 – 1890,Post-Impressionism,Dutch,"A life, told.",http://a,2
1,Albrecht Dürer,1471 - 1528,Northern Renaissance,German,bio,http://b,2
2,Paul Klee,1879 - 1940,"Expressionism,Abstractionism,Surrealism",German,bio,http://c,2
"""
GOGH = ["Vincent_van_Gogh/Vincent_van_Gogh_1.jpg", "Vincent_van_Gogh/Vincent_van_Gogh_2.jpg"]
KLEE = ["Paul_Klee/Paul_Klee_1.jpg", "Paul_Klee/Paul_Klee_2.jpg"]


@pytest.fixture
def root(tmp_path: Path, paint: Paint) -> Path:
    paint([*GOGH, *KLEE], tmp_path / "images/images")
    (tmp_path / "artists.csv").write_text(ARTISTS, encoding="utf-8")
    return tmp_path


def test_the_artist_gives_the_style(root: Path) -> None:
    collection = open_best_artworks(root)
    table = collection.paintings.set_index("key")
    assert list(table.loc[GOGH[0], ["artist", "given_artist", "given_style"]]) == [
        "Vincent van Gogh",
        "Vincent van Gogh",
        "Post-Impressionism",
    ]
    assert table.loc[KLEE[0], "given_style"] == "Expressionism"
    assert "first one that artists.csv gives" in collection.notes[0]
    assert collection.reader.read(KLEE[0])[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    "folder", ["Albrecht_Dürer", "Albrecht_Du\u0308rer", "Albrecht_Du╠êrer", "Albrecht_DuΓòá├¬rer"]
)
def test_duerers_folder_is_matched_however_spelled(root: Path, paint: Paint, folder: str) -> None:
    paint([f"{folder}/{folder}_1.jpg", f"{folder}/{folder}_2.jpg"], root / "images/images")
    collection = open_best_artworks(root)
    duerer = collection.paintings[collection.paintings["artist"] == "Albrecht Dürer"]
    assert len(duerer) == 2
    assert set(duerer["given_style"]) == {"Northern_Renaissance"}


def test_the_mis_encoded_copy_of_a_folder_is_left_out(root: Path, paint: Paint) -> None:
    for folder in ("Albrecht_Dürer", "Albrecht_DuΓòá├¬rer"):
        paint([f"{folder}/{folder}_1.jpg", f"{folder}/{folder}_2.jpg"], root / "images/images")
    collection = open_best_artworks(root)
    duerer = collection.paintings[collection.paintings["artist"] == "Albrecht Dürer"]
    assert duerer["key"].str.startswith("Albrecht_Dürer/").tolist() == [True, True]
    left = [entry for entry in collection.account.entries if entry.fate == "left out"]
    (copies,) = [entry for entry in left if entry.kind == "file"]
    assert copies.reason == "a copy in a folder whose name is mis-encoded"
    assert [name.rpartition("_")[2] for name in copies.names] == ["1.jpg", "2.jpg"]


def test_a_stranger_stays_unlabelled_and_is_named(root: Path, paint: Paint) -> None:
    paint(["Nobody_Known/Nobody_Known_1.jpg"], root / "images/images")
    collection = open_best_artworks(root)
    assert len(collection) == 5
    assert collection.paintings["given_style"].isna().sum() == 1
    assert any("Nobody_Known" in note for note in collection.notes)


def test_every_file_folder_and_artist_is_accounted_for(root: Path, paint: Paint) -> None:
    paint(["Nobody_Known/Nobody_Known_1.jpg", "Empty/.hidden"], root / "images/images")
    account = open_best_artworks(root).account
    assert account.count("file", "read") == 5
    assert account.count("file", "left out") == 1
    assert (account.count("folder", "read"), account.count("folder", "left out")) == (3, 1)
    assert (account.count("label", "read"), account.count("label", "left out")) == (2, 1)


def test_the_resized_images_do_as_well(tmp_path: Path, paint: Paint) -> None:
    flat = [path.rpartition("/")[2] for path in [*GOGH, *KLEE]]
    paint(flat, tmp_path / "resized/resized")
    (tmp_path / "artists.csv").write_text(ARTISTS, encoding="utf-8")
    collection = open_best_artworks(tmp_path)
    assert collection.paintings["artist"].value_counts().to_dict() == {
        "Vincent van Gogh": 2,
        "Paul Klee": 2,
    }


def test_what_is_missing_is_named(tmp_path: Path, root: Path) -> None:
    assert is_best_artworks(root)
    (root / "artists.csv").write_text("id,painter\n0,Klee\n")
    assert not is_best_artworks(root)  # another museum's list of its artists
    with pytest.raises(CollectionError, match="genre, name; found id, painter"):
        open_best_artworks(root)
    (tmp_path / "empty/images").mkdir(parents=True)
    (tmp_path / "empty/artists.csv").write_text(ARTISTS, encoding="utf-8")
    with pytest.raises(CollectionError, match="holds no image"):
        open_best_artworks(tmp_path / "empty")
