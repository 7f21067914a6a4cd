import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.reading.files import list_images, safe_relative
from core.collection.wording import name_some


def touch(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


def test_images_of_the_root_and_its_folders_are_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "Baroque/b.JPEG", "Baroque/notes.txt", "Rococo/c.png", "list.csv")
    listing = list_images(tmp_path)
    assert listing.top == ["a.jpg"]
    assert sorted(listing.in_folders) == ["Baroque/b.JPEG", "Rococo/c.png"]
    assert listing.notes() == []


def test_what_is_left_aside_is_said(tmp_path: Path) -> None:
    root = touch(tmp_path / "root", "Baroque/x.jpg", "Baroque/deep/y.jpg", "Empty/readme.md")
    touch(tmp_path, "secret/z.jpg")
    (root / "Linked").symlink_to(tmp_path / "secret")
    (root / "Baroque/away.jpg").symlink_to(tmp_path / "secret/z.jpg")
    listing = list_images(root)
    assert listing.images == ["Baroque/x.jpg"]
    assert listing.empty == ["Empty"]
    assert listing.nested == ["Baroque/deep"]
    assert sorted(listing.outside) == ["Baroque/away.jpg", "Linked"]
    assert any("Baroque/deep" in note for note in listing.notes())


def test_links_that_stay_inside_are_followed(tmp_path: Path) -> None:
    touch(tmp_path, "Baroque/x.jpg")
    (tmp_path / "Baroque/same.jpg").symlink_to(tmp_path / "Baroque/x.jpg")
    assert sorted(list_images(tmp_path).images) == ["Baroque/same.jpg", "Baroque/x.jpg"]


def test_hidden_files_are_no_images(tmp_path: Path) -> None:
    touch(tmp_path, "Baroque/._x.jpg", "__MACOSX/Baroque/._x.jpg", ".cache/y.jpg")
    assert list_images(tmp_path).images == []


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
