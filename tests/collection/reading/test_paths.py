from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.reading.paths import drop_prefix, find_place, plain_path, read_path

ROOT = Path("/data/old/scans")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        *(
            (path, "web")
            for path in ("https://a.org/x.jpg", "HTTP://a/x", "s3://b/x", "www.a.org/x")
        ),
        *((path, "web") for path in ('"https://a.org/x.jpg"', "//images.a.org/x.jpg")),
        *((path, "absolute") for path in ("/x.jpg", "D:\\x.jpg", "d:x", "\\\\nas\\scans\\x.jpg")),
        *((path, "absolute") for path in ("file:///x.jpg", "file:///C:/x.jpg", "'/x.jpg'")),
        *((path, "relative") for path in ("a/x.jpg", "../x.jpg", "a:b/x.jpg"[2:], "www/x.jpg", "")),
    ],
)
def test_where_a_path_points(path: str, place: str) -> None:
    assert find_place(path) == place


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ('"a b.jpg"', "a b.jpg"),
        (" «a.jpg» ", "a.jpg"),
        ("\u202aC:\\d\\a.jpg", "C:/d/a.jpg"),
        ("\u200ea.jpg\u200b", "a.jpg"),
        ("file:///d/a%20b.jpg", "/d/a b.jpg"),
        ("file://localhost/d/a.jpg", "/d/a.jpg"),
        ("file:///C:/d/a.jpg", "C:/d/a.jpg"),
        ("C:\\d\\a.jpg", "C:/d/a.jpg"),
        ("it's.jpg", "it's.jpg"),
    ],
)
def test_quotes_and_addresses_of_files_are_taken_off(path: str, plain: str) -> None:
    assert plain_path(path) == plain


@pytest.mark.parametrize(
    ("path", "place", "said"),
    [
        ("a/b.jpg", "a/b.jpg", ""),
        ('"a/b.jpg"', "a/b.jpg", "quotes"),
        ("a%20b.jpg", "a b.jpg", "percent"),
        ("/data/old/scans/a/b.jpg", "a/b.jpg", "absolute"),
        ("file:///data/old/scans/a%20b.jpg", "a b.jpg", "absolute"),
        ("scans/a.jpg", "a.jpg", "own name"),
        ("old/scans/a.jpg", "a.jpg", "own name"),
        ("/home/ann/scans/a.jpg", "a.jpg", "own name"),
    ],
)
def test_what_a_path_may_mean_below_the_root(path: str, place: str, said: str) -> None:
    told = dict(read_path(path, ROOT))
    assert said in told[place]
    assert (told[place] == "") == (said == "")


def test_the_path_as_it_stands_comes_first() -> None:
    assert next(read_path("scans/100%25.jpg", ROOT)) == ("scans/100%25.jpg", "")


@pytest.mark.parametrize(
    ("path", "prefix", "rest"),
    [
        ("D:\\Scans\\a\\b.jpg", "d:/scans", "a/b.jpg"),
        ("D:\\Scans\\a.jpg", "D:\\Scans\\", "a.jpg"),
        ("/mnt/a.jpg", "/mnt", "a.jpg"),
        ("/mnt/a.jpg", "/MNT", None),
        ("/mnta/a.jpg", "/mnt", None),
        ("old/a.jpg", "old/", "a.jpg"),
    ],
)
def test_a_beginning_is_taken_off(path: str, prefix: str, rest: str | None) -> None:
    assert drop_prefix(path, prefix) == rest


@given(
    st.text(alphabet="ab./\\:%2eEfF scn\"'\0", max_size=24), st.none() | st.text("ab/", max_size=4)
)
def test_no_reading_of_a_path_leaves_the_root(path: str, prefix: str | None) -> None:
    for place, _ in read_path(path, ROOT, prefix):
        assert ".." not in PurePosixPath(place).parts
        assert not place.startswith("/")
        assert "\0" not in place
