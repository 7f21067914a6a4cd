from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tyro

from core.collection.doctor.examine import examine
from core.collection.errors import CollectionError
from core.collection.open import SourceOptions, open_collection, recognise_source
from core.collection.reading.roles import ROLES

Paint = Callable[..., Path]
FOUR = ["Baroque/a_b.jpg", "Baroque/c_d.jpg", "Cubism/e_f.jpg", "Cubism/g_h.jpg"]


def write_table(root: Path, name: str = "works.csv") -> Path:
    rows = [f"{path},{path.partition('/')[0]}" for path in FOUR]
    (root / name).write_text("\n".join(["file,style", *rows]))
    return root / name


def write_shard(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    images = [{"bytes": b"x", "path": path} for path in FOUR]
    styles = [path.partition("/")[0] for path in FOUR]
    pq.write_table(pa.table({"image": images, "style": styles}), file)
    return file


def test_each_form_is_recognised(paint: Paint, tmp_path: Path) -> None:
    folders = paint(FOUR, tmp_path / "folders")
    assert recognise_source("demo") == "demo"
    assert recognise_source("huggan/wikiart") == "hub"
    assert recognise_source(str(folders)) == "wikiart"
    assert recognise_source(str(write_table(folders))) == "table"
    assert recognise_source(str(folders)) == "wikiart"  # a table of any name decides nothing
    write_table(folders, "paintings.csv")
    assert recognise_source(str(folders)) == "table"
    assert recognise_source(str(write_shard(tmp_path / "hub/data/x.parquet").parents[1])) == "hub"
    assert recognise_source(str(tmp_path / "hub/data/x.parquet")) == "hub"
    best = paint(["images/images/A/A_1.jpg"], tmp_path / "best")
    (best / "artists.csv").write_text("id,name,years,genre\n")
    assert recognise_source(str(best)) == "best-artworks"


def test_another_museums_artists_csv_decides_nothing(paint: Paint, tmp_path: Path) -> None:
    root = paint([f"images/{path}" for path in FOUR])
    (root / "artists.csv").write_text('ARTIST_ID,ARTIST_MDA\n0,"Abbey, Edwin Austin"\n')
    assert recognise_source(str(root)) == "wikiart"
    rows = [f"images/{path},{path.partition('/')[0]}" for path in FOUR]
    (root / "paintings.csv").write_text("\n".join(["file,style", *rows]))
    assert recognise_source(str(root)) == "table"


def test_a_table_beside_folders_is_theirs_only_if_it_names_pictures(paint: Paint) -> None:
    root = paint(FOUR)
    (root / "metadata.csv").write_text("artist,born,died\nvincent-van-gogh,1853,1890\n")
    collection = open_collection(SourceOptions(str(root)))
    assert (collection.source, len(collection)) == ("wikiart", 4)
    assert collection.notes[-1] == (
        "metadata.csv names no pictures and was not read; --source table reads it."
    )
    (root / "metadata.csv").write_text("file,style\n" + "".join(f"{p},{p[:6]}\n" for p in FOUR))
    assert recognise_source(str(root)) == "table"


def test_labels_meet_a_vocabulary_whatever_the_source(paint: Paint, tmp_path: Path) -> None:
    terms = tmp_path / "terms.csv"
    terms.write_text(
        "term,preferred term,broader\nBarock,Baroque,\nBaroque,,\nCubism,,Modern\nModern,,"
    )
    files = [*FOUR, "Barock/i_j.jpg", "Dada/k_l.jpg"]
    folders = SourceOptions(str(paint(files)), vocabulary=str(terms))
    table = tmp_path / "works.csv"
    table.write_text("\n".join(["file,style", *(f"{p},{p.partition('/')[0]}" for p in files)]))
    museum = SourceOptions(str(table), images=Path(folders.data), vocabulary=str(terms))
    for options in (folders, museum):
        for opened in (open_collection(options), examine(options)):
            assert opened.paintings is not None
            counts = opened.paintings["given_style"].value_counts().to_dict()
            assert counts == {"Baroque": 3, "Cubism": 2, "Dada": 1}
            told = "\n".join(opened.notes)
            assert '"Barock" as "Baroque"' in told
            assert "1 (Dada)" in told
            assert "cannot be learned out of fold and is not judged: Dada" in told
            assert "Barock." not in told
        assert open_collection(options).vocabulary is not None
    with pytest.raises(CollectionError, match="says nothing without --vocabulary"):
        open_collection(SourceOptions(folders.data, vocabulary_language="de"))


def test_a_vocabulary_that_leaves_one_label_is_refused(paint: Paint, tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("term,preferred term\nBaroque,Cubism\nCubism,\n")
    options = SourceOptions(str(paint(FOUR)), vocabulary=str(tmp_path / "terms.csv"))
    with pytest.raises(CollectionError, match="at least two styles"):
        open_collection(options)


def test_a_folder_taken_for_something_else_names_the_flag(paint: Paint, tmp_path: Path) -> None:
    root = paint(["Baroque/a_b.jpg", "Baroque/c_d.jpg"])
    with pytest.raises(CollectionError, match=r"in the form 'wikiart'; --source names another"):
        open_collection(SourceOptions(str(root)))
    with pytest.raises(CollectionError) as named:
        open_collection(SourceOptions(str(root), source="wikiart"))
    assert "the form" not in str(named.value)


@pytest.mark.parametrize("name", ["objects.csv", "objects.parquet", "objects.xlsx", "objects"])
def test_a_pointer_is_said_to_be_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("version https://git-lfs.github.com/spec/v1\nsize 514946961\n")
    with pytest.raises(
        CollectionError, match=r"a Git LFS pointer.*514,946,961 bytes.*git lfs pull"
    ):
        open_collection(SourceOptions(str(tmp_path / name)))


def test_pointers_of_shards_are_said_to_be_such(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pointer = "version https://git-lfs.github.com/spec/v1\nsize 514946961\n"
    (tmp_path / "data/train-00000-of-00001.parquet").write_text(pointer)
    with pytest.raises(CollectionError, match=r"a Git LFS pointer.*git lfs pull"):
        open_collection(SourceOptions(str(tmp_path)))


def test_every_form_of_one_collection_says_the_same(paint: Paint, tmp_path: Path) -> None:
    root = paint(FOUR)
    hub = write_shard(tmp_path / "hub/x.parquet")
    sources = [str(root), str(write_table(root)), str(hub)]
    tables = [open_collection(SourceOptions(data)).paintings for data in sources]
    for table in tables:
        assert table["key"].tolist() == FOUR
        assert table["given_style"].tolist() == ["Baroque", "Baroque", "Cubism", "Cubism"]


def test_a_named_source_is_not_guessed(paint: Paint) -> None:
    root = paint(FOUR)
    write_table(root, "paintings.csv")
    assert open_collection(SourceOptions(str(root))).source == "table"
    assert open_collection(SourceOptions(str(root), source="wikiart")).source == "wikiart"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"data": "no/such/place"}, "no file or folder no/such/place"),
        ({"data": "absent"}, "huggan/wikiart"),
        ({"data": "absent", "source": "wikiart"}, "absent is not a folder"),
        ({"data": "absent.csv", "source": "table"}, "no file absent.csv"),
    ],
)
def test_what_is_not_there_is_said(options: dict[str, str], said: str) -> None:
    with pytest.raises(CollectionError, match=said):
        open_collection(SourceOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wishes", "flags"),
    [
        ({"images": Path("x")}, "--images"),
        ({"style_column": "a", "key_column": "b"}, "--key-column, --style-column"),
    ],
)
def test_a_wish_without_effect_is_refused(paint: Paint, wishes: dict[str, str], flags: str) -> None:
    with pytest.raises(CollectionError, match=rf"{flags} does not apply.*'wikiart'"):
        open_collection(SourceOptions(str(paint(FOUR)), **wishes))  # type: ignore[arg-type]


def test_an_archive_is_to_be_unpacked(tmp_path: Path) -> None:
    (tmp_path / "wikiart.zip").touch()
    with pytest.raises(CollectionError, match=r"a packed file \.zip.*Unpack"):
        open_collection(SourceOptions(str(tmp_path / "wikiart.zip")))


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"paintings\.csv"):
        open_collection(SourceOptions(str(tmp_path), source="table"))


def test_every_role_has_its_flag(paint: Paint) -> None:
    root = paint(FOUR)
    (root / "w.csv").write_text("\n".join(["x,y", *(f"{p},{p[:6]}" for p in FOUR)]))
    arguments = [str(root / "w.csv"), "--file-column", "x", "--style-column", "y"]
    options = tyro.cli(SourceOptions, args=arguments)
    assert options.columns() == {"file": "x", "style": "y"}
    assert len(open_collection(options)) == 4
    assert all(hasattr(options, f"{role}_column") for role in ROLES)


def write_schools(root: Path) -> Path:
    """A table whose labels are schools, one of which has a single painting."""
    rows = ["Baroque/a_b.jpg,Dutch", "Baroque/c_d.jpg,Dutch", "Cubism/e_f.jpg,Roman"]
    (root / "w.csv").write_text("\n".join(["file,Art School,genre", *(f"{r},x" for r in rows)]))
    return root / "w.csv"


@pytest.mark.parametrize(
    ("flags", "singular", "plural"),
    [
        ({"label_column": "style"}, "style", "styles"),
        ({"style_column": "style", "label_word": "era"}, "era", "eras"),
        ({"label_column": "style", "label_words": "stili"}, "style", "stili"),
        ({"label_word": "class", "label_words": "sorts"}, "class", "sorts"),
        ({}, "style", "styles"),
    ],
)
def test_labels_have_the_word_that_flags_give_them(
    paint: Paint, flags: dict[str, Any], singular: str, plural: str
) -> None:
    table = write_table(paint(FOUR))
    word = open_collection(SourceOptions(data=str(table), **flags)).word
    assert (word.singular, word.plural) == (singular, plural)


def test_folders_and_shards_have_a_word_too(paint: Paint, tmp_path: Path) -> None:
    folders = paint(FOUR, tmp_path / "folders")
    shard = write_shard(tmp_path / "hub/data/x.parquet").parents[1]
    for data in (folders, shard):
        found = open_collection(SourceOptions(data=str(data), label_word="school"))
        assert found.word.plural == "schools"


def test_errors_say_the_word_of_the_column(paint: Paint) -> None:
    options = SourceOptions(data=str(write_schools(paint(FOUR))), label_column="Art School")
    with pytest.raises(CollectionError) as raised:
        open_collection(options)
    assert "1 art school with two paintings or more" in str(raised.value)
    assert "1 art school with one painting: Roman" in str(raised.value)
    assert "at least two art schools" in str(raised.value)


def test_labels_that_are_the_genres_are_the_only_genres(paint: Paint) -> None:
    folder = paint(FOUR)
    rows = [f"{path},{path[0]},{path[0]}" for path in FOUR]
    (folder / "w.csv").write_text("\n".join(["file,subject,genre", *rows]))
    options = SourceOptions(data=str(folder / "w.csv"), label_column="subject", label_word="genre")
    paintings = open_collection(options).paintings
    assert paintings["given_style"].tolist() == ["B", "B", "C", "C"]
    assert paintings["given_genre"].isna().all()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"label_column": "style", "style_column": "style"}, "two columns for one label"),
        ({"label_words": "schools"}, "nothing without --label-word"),
        ({"label_word": "<b>"}, "found <b>; expected a word"),
        ({"label_word": "school", "label_words": "1"}, "school and 1"),
    ],
)
def test_what_cannot_be_called_is_refused(paint: Paint, flags: dict[str, Any], said: str) -> None:
    table = write_table(paint(FOUR))
    with pytest.raises(CollectionError, match=said):
        open_collection(SourceOptions(data=str(table), **flags))


def test_the_demo_paints_styles(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="--label-word does not apply to demo"):
        open_collection(SourceOptions(data="demo", label_word="school"))


def test_folders_are_turned_to_their_genres_and_to_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    for place, path in enumerate(FOUR):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(bytes([place]))
    lists = {"style": ("Baroque", "Cubism"), "genre": ("portrait", "landscape")}
    for task, names in lists.items():
        lines = "".join(f"{number} {name}\n" for number, name in enumerate(names))
        (folder / f"{task}_class.txt").write_text(lines)
        rows = "".join(f"{path},{place % 2}\n" for place, path in enumerate(FOUR))
        (folder / f"{task}_train.csv").write_text(rows)
        (folder / f"{task}_val.csv").write_text("")
    styles = open_collection(SourceOptions(data=str(folder)))
    genres = open_collection(SourceOptions(data=str(folder), label_column="genre"))
    expected = styles.paintings["given_genre"].tolist()
    assert genres.paintings["given_style"].tolist() == expected
    assert genres.paintings["given_genre"].isna().all()
    assert genres.word.plural == "genres"
    with pytest.raises(CollectionError, match=r"no column 'school'.*genre, artist, or no"):
        open_collection(SourceOptions(data=str(folder), label_column="school"))


def test_artists_are_checked_without_being_evidence_on_themselves(tmp_path: Path) -> None:
    styles = {"ada": "Baroque", "bo": "Cubism"}
    works = [f"{styles[name]}/{name}_work-{n}.jpg" for name in styles for n in range(2)]
    for place, path in enumerate(works):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(bytes([place]))
    artists = open_collection(SourceOptions(data=str(tmp_path), label_column="artist"))
    assert artists.of_artists
    assert artists.paintings["given_style"].tolist() == ["Ada", "Ada", "Bo", "Bo"]
    assert artists.paintings["artist"].tolist() == ["Ada", "Ada", "Bo", "Bo"]
    assert artists.paintings["given_artist"].isna().all()
    assert artists.word.plural == "artists"


def test_previews_in_a_table_are_not_taken_for_the_pictures(paint: Paint, tmp_path: Path) -> None:
    root = paint(FOUR, tmp_path / "museum")
    previews = [(root / path).read_bytes() for path in FOUR]
    styles = [path.partition("/")[0] for path in FOUR]
    pq.write_table(
        pa.table({"preview": previews, "file": FOUR, "style": styles}), root / "works.parquet"
    )
    collection = open_collection(SourceOptions(str(root / "works.parquet")))
    assert (collection.source, sorted(collection.paintings["image"])) == ("table", sorted(FOUR))
    assert "1 column left out, bytes, no text: preview" in collection.account.describe()
    for path in FOUR:  # without the files it is a dataset of the Hub
        (root / path).unlink()
    assert recognise_source(str(root / "works.parquet")) == "hub"


def test_a_table_that_is_not_there_is_no_dataset() -> None:
    with pytest.raises(CollectionError, match=r"There is no file or folder gone/museum\.csv"):
        recognise_source("gone/museum.csv")
