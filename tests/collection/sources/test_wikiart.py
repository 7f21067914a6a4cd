import itertools
import pickle
import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.collection.errors import CollectionError
from core.collection.reading.layouts import parse_layout
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
    assert list(table.loc[HALS, ["artist", "given_artist", "title"]]) == [
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


def in_folders(paths: tuple[str, ...], form: str) -> list[str]:
    """``paths`` in other folders: ``{style}``, ``{artist}``, ``{n}`` (0 or 1)."""
    parts = [(path.partition("/")[0], path.partition("/")[2]) for path in paths]
    return [
        f"{form.format(style=style, artist=name.partition('_')[0], n=number % 2)}/{name}"
        for number, (style, name) in enumerate(parts)
    ]


@pytest.mark.parametrize(
    ("form", "layout"),
    [
        ("{style}/{artist}", "style/artist"),
        ("{artist}/{style}", "artist/style"),
        ("c1{n}/{style}", "*/style"),
        ("{style}/1{n}00-1{n}50", "style/*"),
        ("18{n}0s/{style}/{artist}", "*/style/artist"),
        ("download/{style}/pictures", "style/*"),
    ],
)
def test_folders_in_folders_are_read_where_their_names_tell(
    paint: Paint, form: str, layout: str
) -> None:
    collection = open_wikiart(paint(in_folders(FOUR, form)))
    table = collection.paintings
    assert table["given_style"].value_counts().to_dict() == {"Baroque": 2, "Art_Nouveau_Modern": 2}
    assert sorted(table["artist"]) == [
        "Alphonse Mucha",
        "Frans Hals",
        "Jan Steen",
        "Koloman Moser",
    ]
    assert any(f"read as {layout}," in note for note in collection.notes)


@pytest.mark.parametrize(("train", "test"), [("train", "test"), ("Training set", "val")])
def test_folders_of_splits_tell_the_split(
    paint: Paint, tmp_path: Path, train: str, test: str
) -> None:
    paint([f"{train}/{path}" for path in FOUR])
    paint([f"{test}/{path}" for path in FOUR[:2]])
    paintings = open_wikiart(tmp_path).paintings
    assert paintings["split"].value_counts().to_dict() == {"train": 4, "val": 2}
    assert set(paintings["given_style"]) == {"Baroque", "Art_Nouveau_Modern"}


def test_one_split_beside_the_styles_is_set_aside(paint: Paint) -> None:
    collection = open_wikiart(paint([*FOUR, "test/a_b.jpg", "test/Baroque/c_d.jpg"]))
    assert set(collection.paintings["given_style"]) == {"Baroque", "Art_Nouveau_Modern"}
    assert "2 files left out, in the folder of a split beside those of styles: " in "\n".join(
        collection.account.describe()
    )


@pytest.mark.parametrize(
    ("form", "flags"),
    [
        ("{style}/gallery-{n}", {"style/*", "*/style"}),
        ("gallery-{n}/{style}/x{n}", {"style/*/*", "*/style/*", "*/*/style"}),
    ],
)
def test_what_names_do_not_tell_is_asked_with_flags_that_work(
    paint: Paint, form: str, flags: set[str]
) -> None:
    root = paint(in_folders(FOUR, form))
    with pytest.raises(CollectionError, match="do not tell which are the styles") as refused:
        open_wikiart(root)
    words = shlex.split(refused.value.remedy)
    told = {word for before, word in itertools.pairwise(words) if before == "--layout"}
    assert told == flags
    styles = [
        set(open_wikiart(root, layout=parse_layout(each)).paintings["given_style"]) for each in told
    ]
    assert {"Baroque", "Art_Nouveau_Modern"} in styles


@pytest.mark.parametrize("form", ["{artist}", "train", "18{n}0s"])
def test_artists_splits_and_times_are_no_styles(paint: Paint, form: str) -> None:
    two = [path.replace(".jpg", f"-{copy}.jpg") for path in FOUR for copy in "ab"]
    root = paint(
        [*in_folders(tuple(two), form), *in_folders(tuple(two), form.replace("train", "test"))]
    )
    with pytest.raises(CollectionError, match="not styles"):
        open_wikiart(root)
    assert len(open_wikiart(root, layout=parse_layout("style")).paintings) >= 8


def test_folders_below_a_style_are_of_that_style(paint: Paint) -> None:
    root = paint([*FOUR, "Baroque/details/a_b.jpg", "Baroque/1900-1910/more/c_d.jpg"])
    collection = open_wikiart(root)
    assert collection.paintings["given_style"].value_counts()["Baroque"] == 4
    assert any("2 pictures in folders below" in note for note in collection.notes)
    strict = open_wikiart(root, layout=parse_layout("style"))
    assert strict.paintings["given_style"].value_counts()["Baroque"] == 2
    assert strict.account.count("file", "left out") == 2


def test_artists_with_folders_of_their_own_are_no_styles(paint: Paint) -> None:
    two = [path.replace(".jpg", f"-{copy}.jpg") for path in FOUR for copy in "ab"]
    root = paint([*in_folders(tuple(two), "{artist}"), "frans-hals/late/frans-hals_x-boy.jpg"])
    with pytest.raises(CollectionError, match=r"--layout 'style/\*\*' for frans-hals"):
        open_wikiart(root)


def test_a_style_of_folders_beside_styles_of_pictures_is_read(paint: Paint) -> None:
    collection = open_wikiart(paint([*FOUR, "Rococo/a b/a_b.jpg", "Rococo/c/c_d.jpg"]))
    assert collection.paintings["given_style"].value_counts()["Rococo"] == 2
    assert any("Rococo/a b, Rococo/c" in note for note in collection.notes)


def test_a_stray_folder_makes_no_style_of_a_folder_of_styles(paint: Paint) -> None:
    root = paint([*(f"wikiart/{path}" for path in FOUR), "docs/logo.jpg"])
    with pytest.raises(
        CollectionError, match=r"--layout '\*/style' for Art_Nouveau_Modern, Baroque"
    ):
        open_wikiart(root)
    collection = open_wikiart(root, layout=parse_layout("*/style"))
    assert len(collection.paintings) == 4
    assert collection.account.count("file", "left out") == 1


@pytest.mark.parametrize("name", ["c17", "19th century", "1900-1910", "tmp", "Baroque (1)"])
def test_a_folder_that_is_seldom_a_style_is_asked_about(paint: Paint, name: str) -> None:
    root = paint([*FOUR, f"{name}/a_b.jpg", f"{name}/c_d.jpg"])
    collection = open_wikiart(root)
    (note,) = [note for note in collection.notes if "a style?" in note]
    assert f'"{name}" (2)' in note
    assert f"--leave-out {shlex.quote(name)}" in note
    left = open_wikiart(root, leave_out=[name])
    assert len(left) == 4
    assert left.account.describe()[1] == (
        f"2 files left out, in a folder that --leave-out names: {name}/a_b.jpg, {name}/c_d.jpg"
    )
    assert not [note for note in left.notes if "a style?" in note]


def test_folders_left_out_must_be_there_and_may_lie_deep(paint: Paint) -> None:
    root = paint([*FOUR, "Baroque/details/a_b.jpg"])
    assert len(open_wikiart(root, leave_out=["details"])) == 4
    assert len(open_wikiart(root, leave_out=["Baroque/details/"])) == 4
    with pytest.raises(CollectionError, match=r"no folder of pictures 'detail' .*--leave-out"):
        open_wikiart(root, leave_out=["detail"])


def test_a_layout_that_fits_nothing_is_refused(paint: Paint) -> None:
    with pytest.raises(CollectionError, match=r"No picture .* fits the layout \*/style; found"):
        open_wikiart(paint(FOUR), layout=parse_layout("*/style"))


def test_labels_are_found_through_other_folders(paint: Paint, write_labels: Write) -> None:
    labels = write_labels(style_class=STYLES, style_train=[f"{HALS},0"], style_val=[f"{MUCHA},3"])
    collection = open_wikiart(paint(in_folders(FOUR, "{style}/{artist}")), labels)
    assert collection.paintings["split"].value_counts().to_dict() == {"train": 1, "val": 1}
    assert collection.account.count("label", "read") == 2


def test_exported_labels_name_paintings_where_they_lie(paint: Paint, write_labels: Write) -> None:
    root = paint(in_folders(FOUR, "{style}/{artist}"))
    keys = open_wikiart(root).paintings["key"].tolist()
    rows = [f"{key},{3 * n % 6}" for n, key in enumerate(keys)]
    labels = write_labels(style_class=STYLES, style_train=rows)
    collection = open_wikiart(root, labels)
    assert collection.account.count("label", "read") == len(keys)
    given = collection.paintings.set_index("key")["given_style"]
    assert given[keys].tolist() == ["Baroque", "Art_Nouveau_Modern"] * 2


def test_links_into_a_named_folder_are_read(paint: Paint, tmp_path: Path) -> None:
    paint(FOUR, tmp_path / "store")
    for path in FOUR:
        link = tmp_path / "linked" / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(tmp_path / "store" / path)
    with pytest.raises(CollectionError, match=f"add --links-into {tmp_path}/store"):
        open_wikiart(tmp_path / "linked")
    collection = open_wikiart(tmp_path / "linked", links_into=tmp_path / "store")
    reader = pickle.loads(pickle.dumps(collection.reader))
    assert reader.read(HALS) == (tmp_path / "store" / HALS).read_bytes()


def test_pointers_alone_name_the_command(tmp_path: Path) -> None:
    for path in FOUR:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("version https://git-lfs.github.com/spec/v1\nsize 9\n")
    with pytest.raises(CollectionError, match="git lfs pull"):
        open_wikiart(tmp_path)


NAMES = st.sampled_from(
    ["Baroque", "Cubism", "train", "test", "frans-hals", "c17", "@eaDir", "#recycle", "thumbs", "x"]
)
FILES = st.sampled_from(
    [
        "frans-hals_verdonck-1627.jpg",
        "1.jpg",
        "a_b.tif",
        "none",
        "list.csv",
        ".x",
        "y.psd",
        "z.heic",
    ]
)
PATHS = st.lists(st.tuples(st.lists(NAMES, max_size=4), FILES), max_size=25)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@example([(["Baroque", *split], "a_b-1627.jpg") for split in ([], ["train"], ["test"])])
@given(PATHS)
def test_every_file_of_any_tree_is_read_left_out_or_refused(
    paths: list[tuple[list[str], str]],
) -> None:
    with tempfile.TemporaryDirectory() as opened:
        root = Path(opened)
        files = {"/".join([*folders, name]) for folders, name in paths}
        for file in files:
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).touch()
        try:
            collection = open_wikiart(root)
        except CollectionError:
            return
        named = {
            kind: [
                name
                for entry in collection.account.entries
                if entry.kind == kind
                for name in entry.names
            ]
            for kind in ("file", "folder")
        }
        aside = {
            folder
            for entry in collection.account.entries
            for folder in entry.names
            if entry.kind == "folder" and entry.reason.startswith("a recycle bin")
        }
        seen = {file for file in files if not any(file.startswith(f"{each}/") for each in aside)}
        assert sorted(named["file"]) == sorted(seen)
        assert len(set(named["folder"])) == len(named["folder"])
        assert collection.account.count("file", "read") == len(collection.paintings)
        styles = set(collection.paintings["given_style"])
        assert not styles & {"train", "test", "@eaDir", "#recycle", "thumbs"}


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


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_folders_of_numbers_are_styles_without_a_name(paint: Paint) -> None:
    collection = open_wikiart(paint([f"{n % 2}/w-{n}.jpg" for n in range(4)]))
    assert any("The styles are numbers (0, 1)" in note for note in collection.notes)


def test_pictures_called_as_their_folder_tell_of_artists_and_name_none(paint: Paint) -> None:
    names = ["Paul_Klee/Paul_Klee_{}.jpg", "Édouard Manet/edouard-manet-{}.jpg"]
    collection = open_wikiart(paint([name.format(n) for name in names for n in range(3)]))
    assert any("Are these folders artists, not styles?" in note for note in collection.notes)
    assert collection.paintings["given_artist"].isna().all()


def test_a_question_on_folders_is_asked_however_many_there_are(paint: Paint) -> None:
    odd = [f"{name}/x-{n}.jpg" for name in ("Backup", "tmp", "new folder") for n in range(2)]
    collection = open_wikiart(paint([*FOUR, *odd]))
    assert any("Is each of these folders a style?" in note for note in collection.notes)


def test_a_damaged_line_of_kaggles_table_is_refused_alone(paint: Paint) -> None:
    root = paint(FOUR)
    told = [*zip(FOUR, ["Op", "Op", "Pop", "Pop"], strict=True), *[("gone.jpg", "Op")] * 9]
    lines = [f"{path},x,['{style}'],x,9a,8,8,1,train" for path, style in told]
    (root / "classes.csv").write_text(KAGGLE + "\n".join([*lines, "," * 12 + "x"]))
    collection = open_wikiart(root)
    assert "1 row refused, more values than the 9 columns: line 15" in collection.account.describe()
    assert any("classes.csv lists 4 of 4 images" in note for note in collection.notes)
