import io
import os
import shlex
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.collection.errors import CollectionError
from core.collection.reading.files import list_images, safe_relative
from core.collection.wording import name_some


def touch(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


def test_pictures_at_any_depth_are_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "Baroque/b.JPEG", "Baroque/deep/er/d.tif", "Rococo/c.png", "list.csv")
    listing = list_images(tmp_path)
    assert listing.top == ["a.jpg"]
    assert listing.in_folders == ["Baroque/b.JPEG", "Baroque/deep/er/d.tif", "Rococo/c.png"]
    assert listing.left == {("file", "left out", "no picture (.csv)"): ["list.csv"]}
    assert sorted(listing.folders) == ["Baroque", "Baroque/deep", "Baroque/deep/er", "Rococo"]
    assert listing.notes() == []


def test_the_first_bytes_decide_where_the_ending_does_not(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGB", (8, 8)).save(data, format="JPEG")
    for name in ("none", "x.jpg_large", "x.jfif", "x.unheard-of", "x.png"):
        (tmp_path / name).write_bytes(data.getvalue())
    for name in ("y.nef", "y.jpg.part"):  # a raw file's preview is no painting
        (tmp_path / name).write_bytes(data.getvalue())
    (tmp_path / "notes").write_text("BMW and II*, no picture")
    (tmp_path / "broken.jpg").write_text("the decoder says what this is")
    listing = list_images(tmp_path)
    assert listing.images == sorted(
        ["broken.jpg", "none", "x.jfif", "x.jpg_large", "x.png", "x.unheard-of"]
    )
    assert listing.left == {
        ("file", "refused", "a kind of picture that is not read (.nef)"): ["y.nef"],
        ("file", "refused", "not fetched to its end (.part)"): ["y.jpg.part"],
        ("file", "left out", "no picture (without an ending)"): ["notes"],
    }


@pytest.mark.parametrize(
    "folder",
    [
        *("@eaDir", "#recycle", "@Recycle", "$RECYCLE.BIN", "lost+found", "__MACOSX", "thumbnails"),
        *("Thumbs", "cache", "System Volume Information", "Network Trash Folder", "@SynoResource"),
        *("Recycled", "FOUND.000", ".Trash-1000", ".AppleDouble", ".thumbnails", "@__thumb"),
    ],
)
def test_no_system_folder_is_read(tmp_path: Path, folder: str) -> None:
    touch(tmp_path, f"{folder}/x.jpg", f"Baroque/{folder}/x.jpg", "Baroque/y.jpg")
    listing = list_images(tmp_path)
    assert listing.images == ["Baroque/y.jpg"]
    ((_, fate, _),) = listing.left
    assert (fate, *listing.left.values()) == ("left out", sorted([folder, f"Baroque/{folder}"]))


def test_copies_are_read_as_any_picture(tmp_path: Path) -> None:
    copies = ["a/x (1).jpg", "a/x - Copy.jpg", "a/Copy of x.jpg", "a/x.jpg"]
    assert list_images(touch(tmp_path, *copies)).images == sorted(copies)


def test_links_that_lead_out_are_named_with_the_way_to_follow_them(tmp_path: Path) -> None:
    root = touch(tmp_path / "root", "Baroque/x.jpg")
    touch(tmp_path, "store/af/z.jpg", "real/Cubism/y.jpg")
    (root / "Cubism").symlink_to(tmp_path / "real/Cubism")
    (root / "Baroque/away.jpg").symlink_to(tmp_path / "store/af/z.jpg")
    (root / "Baroque/gone.jpg").symlink_to(tmp_path / "store/absent.jpg")
    listing = list_images(root)
    assert listing.images == ["Baroque/x.jpg"]
    assert listing.left == {
        ("file", "refused", "a link that leads out of the folder"): ["Baroque/away.jpg"],
        ("folder", "refused", "a link that leads out of the folder"): ["Cubism"],
        ("file", "refused", "a link to what is not on this machine"): ["Baroque/gone.jpg"],
    }
    (note,) = listing.notes()
    flag = shlex.split(note.rstrip("."))
    assert flag[-2:] == ["--links-into", str(tmp_path)]
    followed = list_images(root, Path(flag[-1]))
    assert followed.images == ["Baroque/away.jpg", "Baroque/x.jpg", "Cubism/y.jpg"]


def test_links_that_stay_inside_are_followed(tmp_path: Path) -> None:
    touch(tmp_path, "Baroque/x.jpg")
    (tmp_path / "Baroque/same.jpg").symlink_to(tmp_path / "Baroque/x.jpg")
    assert list_images(tmp_path).images == ["Baroque/same.jpg", "Baroque/x.jpg"]


def test_links_in_a_ring_end(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.jpg", "b/y.jpg")
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "a/to-b").symlink_to(tmp_path / "b")
    (tmp_path / "b/to-a").symlink_to(tmp_path / "a")
    listing = list_images(tmp_path)
    assert listing.images == ["a/to-b/y.jpg", "a/x.jpg", "b/to-a/x.jpg", "b/y.jpg"]
    assert listing.left == {
        ("folder", "left out", "a link to a folder that holds it"): sorted(
            ["a/up", "a/to-b/to-a", "b/to-a/up", "b/to-a/to-b"]
        )
    }


def test_hidden_files_are_no_images(tmp_path: Path) -> None:
    touch(tmp_path, "Baroque/._x.jpg", ".cache/y.jpg", "Baroque/Thumbs.db")
    listing = list_images(tmp_path)
    assert listing.images == []
    assert listing.left == {
        ("file", "left out", "hidden"): ["Baroque/._x.jpg"],
        ("folder", "left out", "hidden"): [".cache"],
        ("file", "left out", "a system's own"): ["Baroque/Thumbs.db"],
    }


def test_pointers_are_no_pictures(tmp_path: Path) -> None:
    touch(tmp_path, *(f"Baroque/{number}.jpg" for number in range(20)))
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:9f\nsize 5149\n"
    for number in (3, 4, 5, 17):
        (tmp_path / f"Baroque/{number}.jpg").write_text(pointer)
    listing = list_images(tmp_path)
    assert len(listing.images) == 16
    assert listing.left["file", "refused", "a Git LFS pointer"] == [
        f"Baroque/{number}.jpg" for number in (17, 3, 4, 5)
    ]
    assert f"run `git lfs pull` in {tmp_path}" in listing.notes()[0]


@pytest.fixture
def closed(open_folder: Path) -> Path:
    touch(open_folder, "Baroque/x.jpg", "Private/y.jpg", "Baroque/inner/z.jpg")
    (open_folder / "Private").chmod(0)
    (open_folder / "Baroque/inner").chmod(0)
    return open_folder


@pytest.mark.usefixtures("unprivileged")
def test_a_closed_folder_is_skipped_and_named(closed: Path) -> None:
    listing = list_images(closed)
    assert listing.images == ["Baroque/x.jpg"]
    assert listing.left == {
        ("folder", "refused", "cannot be opened: Permission denied"): ["Baroque/inner", "Private"]
    }
    with pytest.raises(CollectionError, match="Private cannot be opened; found Permission denied"):
        list_images(closed / "Private")


def test_a_name_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    touch(tmp_path, "Baroque/x.jpg")
    try:
        (tmp_path / "Baroque" / os.fsdecode(b"d\xfcrer.jpg")).touch()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    listing = list_images(tmp_path)
    assert listing.images == ["Baroque/x.jpg"]
    assert "d\\udcfcrer.jpg" in listing.notes()[0]


@pytest.mark.parametrize(
    "path",
    ["../x.jpg", "a/../../x.jpg", "/etc/passwd", "C:\\x.jpg", "c:x.jpg", "\\\\host\\x.jpg",
     "file:///x.jpg", "https://museum.org/x.jpg", "", "  ", "a\0b", ".."],
)  # fmt: skip
def test_paths_that_leave_the_root_are_refused(path: str) -> None:
    assert safe_relative(path) is None


@pytest.mark.parametrize(
    ("path", "safe"),
    [("a/b.jpg", "a/b.jpg"), ("a\\b.jpg", "a/b.jpg"), ("./a/../b.jpg", "b.jpg"), ("..a", "..a")],
)
def test_paths_below_the_root_are_tidied(path: str, safe: str) -> None:
    assert safe_relative(path) == safe


@given(st.text(alphabet="ab./\\: ", max_size=20))
def test_a_safe_path_stays_below_any_root(path: str) -> None:
    safe = safe_relative(path)
    if safe is not None:
        root = PurePosixPath("/root/of/images")
        assert PurePosixPath(os.path.normpath(root / safe)).is_relative_to(root)


def test_a_few_names_stand_for_many() -> None:
    assert name_some(["a", "b"]) == "2 (a, b)"
    assert name_some([str(n) for n in range(1200)]) == "1,200 (0, 1, 2, ...)"
