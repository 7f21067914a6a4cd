import os
import shlex
import tempfile
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.collection.reading.located import UNNAMED, WEB, LocatedFiles, locate_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return touch(tmp_path / "scans", "Depot 2/Porträt 1.jpg", "Depot 2/b.JPG", "c.tif", "d.jpeg")


def touch(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"\xff\xd8\xff")
    return root


def locate(root: Path, *paths: str | None, **options: object) -> LocatedFiles:
    return locate_files(pd.Series(paths, dtype="object"), root, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("Depot 2/Porträt 1.jpg", "Depot 2/Porträt 1.jpg"),
        ("Depot 2\\b.JPG", "Depot 2/b.JPG"),
        (unicodedata.normalize("NFD", "Depot 2/Porträt 1.jpg"), "Depot 2/Porträt 1.jpg"),
        ("Depot%202/Portr%C3%A4t%201.jpg", "Depot 2/Porträt 1.jpg"),
        ("depot 2/B.jpg", "Depot 2/b.JPG"),
        ("c.jpg", "c.tif"),
        ("d", "d.jpeg"),
        ("scans/Depot 2/b.JPG", "Depot 2/b.JPG"),
        ("/elsewhere/scans/c.tif", "c.tif"),
        ("file:///{root}/Depot%202/b.JPG", "Depot 2/b.JPG"),
        ("{root}/c.tif", "c.tif"),
        ('"{root}/c.jpg"', "c.tif"),
    ],
)
def test_the_one_file_that_is_meant_is_taken(root: Path, path: str, file: str) -> None:
    listed = path.replace("{root}", str(root)).replace("file:////", "file:///")
    is_changed = listed.replace("\\", "/") != file
    located = locate(root, listed, None)
    assert located.found == {0: file}
    assert dict(located.unfound) == {UNNAMED: [1]}
    assert [row for rows in located.changed.values() for row in rows] == [0] * is_changed


def test_two_files_that_fit_are_named_and_neither_is_taken(root: Path) -> None:
    touch(root, "e.png", "e.gif")
    located = locate(root, "e.jpg")
    assert located.found == {}
    assert dict(located.unfound) == {"more than one file fits": [0]}
    assert "e.jpg (e.gif, e.png)" in located.advice[0]


def test_a_file_that_another_row_names_is_not_taken(root: Path) -> None:
    located = locate(root, "c.tif", "c.jpg")
    assert located.found == {0: "c.tif"}
    assert dict(located.unfound) == {"no such file": [1]}


def test_two_rows_that_fit_one_file_take_neither(root: Path) -> None:
    located = locate(root, "c.jpg", "c.png", "C.tif", "C.tif")
    assert dict(located.unfound) == {"several rows fit one file": [0, 1, 2, 3]}
    assert locate(root, "C.tif", "C.tif").found == {0: "c.tif", 1: "c.tif"}  # the same, twice


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("https://museum.org/1.jpg", WEB),
        ("../c.tif", "a path that leaves the image folder"),
        ("/etc/passwd", "a path of another machine, or outside the image folder"),
        ("gone.jpg", "no such file"),
        ("x" * 300 + ".jpg", "no such file"),
        ("a\0b.jpg", "a path that leaves the image folder"),
    ],
)
def test_what_is_not_found_has_its_reason(root: Path, path: str, reason: str) -> None:
    located = locate(root, path)
    assert dict(located.unfound) == {reason: [0]}
    assert located.describe(pd.Series([path])) == [f"1 row, {reason} ({path})"]


@pytest.mark.parametrize(
    ("home", "paths"),
    [
        ("scans", ["D:\\Museum\\Depot 2\\b.JPG", "D:\\Museum\\c.tif"]),
        ("", ["D:\\Museum\\Depot 2\\b.JPG", "D:\\Museum\\c.tif"]),
        ("scans", ["/mnt/nas/Depot 2/b.JPG", "/mnt/nas/c.tif"]),
        ("scans", ["archive/Depot 2/b.JPG", "archive/c.tif"]),
        ("", ["Depot 2/b.JPG", "c.tif"]),
        ("", ["Depot%202/b.JPG", "c.jpg"]),
        ("scans", ["b.JPG", "b.jpg"]),
    ],
)
def test_the_flags_that_are_advised_find_the_files(root: Path, home: str, paths: list[str]) -> None:
    located = locate(root.parent / home, *paths)
    assert located.found == {}
    words = shlex.split(located.advice[-1].partition(": add ")[2].rstrip("."))
    flags = dict(zip(words[::2], words[1::2], strict=True))
    images = Path(flags.get("--images", str(root.parent / home)))
    again = locate(images, *paths[:1], strip_prefix=flags.get("--strip-prefix"))
    assert list(again.found) == [0]


def test_links_that_lead_out_are_read_with_the_flag(root: Path, tmp_path: Path) -> None:
    touch(tmp_path, "store/9f/z.jpg")
    (root / "z.jpg").symlink_to(tmp_path / "store/9f/z.jpg")
    located = locate(root, "z.jpg")
    assert dict(located.unfound) == {"a link that leads out of the image folder": [0]}
    flag = shlex.split(located.advice[0].rstrip("."))[-1]
    assert locate(root, "z.jpg", links_into=Path(flag)).found == {0: "z.jpg"}


def test_pointers_are_taken_back(root: Path) -> None:
    (root / "c.tif").write_text("version https://git-lfs.github.com/spec/v1\nsize 9\n")
    located = locate(root, "c.tif", "d.jpeg")
    assert located.found == {1: "d.jpeg"}
    assert dict(located.unfound) == {"a Git LFS pointer": [0]}
    assert "git lfs pull" in located.advice[0]


FILES = ["Étude.jpg", "a/b.JPG", "a/b.png", "c", "img 1.tif"]
PATHS = st.one_of(
    st.none(),
    st.sampled_from(
        [*FILES, "etude.jpg", "A/B.jpg", "c.gif", "IMG%201.jpg", "/x/a/b.JPG", "D:\\c"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PATHS, max_size=12), st.none() | st.sampled_from(["/x", "D:\\", "a"]))
def test_every_row_is_found_or_has_one_reason(paths: list[str | None], prefix: str | None) -> None:
    with tempfile.TemporaryDirectory() as opened:
        root = touch(Path(opened), *FILES)
        located = locate(root, *paths, strip_prefix=prefix)
        unfound = [row for rows in located.unfound.values() for row in rows]
        assert sorted([*located.found, *unfound]) == list(range(len(paths)))
        for place in located.found.values():
            assert (root / place).is_file()
            assert os.path.realpath(root / place).startswith(os.path.realpath(root))
        assert {row for rows in located.changed.values() for row in rows} <= set(located.found)
