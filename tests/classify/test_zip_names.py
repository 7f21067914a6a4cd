from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classify.batch import read_form_name, show_name, unpack
from core.classify.zip_names import find_encoding, read_names


def write_zip(names: list[bytes]) -> bytes:
    """A zip of files with these names, which does not say how they are encoded."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr("QRSTUVW"[number] * len(name), b"x")
    data = out.getvalue()
    for number, name in enumerate(names):
        data = data.replace(b"QRSTUVW"[number : number + 1] * len(name), name)
    return data


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["名画1.jpg", "浮世絵 神奈川沖浪裏.jpg"], "cp932"),
        (["ヒマワリ.jpg"], "cp932"),
        (["ひまわり.jpg", "plain.jpg"], "cp932"),
        (["表紙ソ.jpg"], "cp932"),
        (["Müller, Schöne Aussicht.jpg", "Cézanne.jpg"], "cp437"),
        (["Ärger über Öl.jpg"], "cp437"),
        (["Málaga.jpg", "São João.jpg", "À la carte.jpg"], "cp850"),
        (["Репин_Бурлаки.jpg"], "cp866"),
        (["그림 하나.jpg"], "cp949"),
        (["绘画一.jpg", "齐白石 虾.jpg"], "gbk"),
        (["Müller.jpg", "名画.jpg"], "utf-8"),
        (["plain.jpg"], "utf-8"),
    ],
)
def test_the_encoding_is_that_in_which_all_names_make_sense(
    names: list[str], encoding: str
) -> None:
    raw = [name.encode(encoding) for name in names]
    assert find_encoding(raw) == encoding
    with zipfile.ZipFile(io.BytesIO(write_zip(raw))) as archive:
        assert list(read_names(archive.infolist()).values()) == names
    assert [item.name for item in unpack("a.zip", write_zip(raw))] == [
        show_name(name) for name in names
    ]


def test_a_zip_that_says_its_encoding_is_believed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Ünï.jpg", b"x")
        archive.writestr("名画.jpg", b"x")
    with zipfile.ZipFile(out) as archive:
        assert list(read_names(archive.infolist()).values()) == ["Ünï.jpg", "名画.jpg"]


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=4))
def test_any_bytes_are_a_name(names: list[bytes]) -> None:
    encoding = find_encoding(names)
    assert all(isinstance(name.decode(encoding, "replace"), str) for name in names)


def test_a_browsers_escapes_in_a_form_are_undone_and_no_others() -> None:
    assert read_form_name("a,b;c%22d'.jpg") == "a,b;c\"d'.jpg"
    assert read_form_name("two%0D%0Alines.jpg") == "two\r\nlines.jpg"
    assert read_form_name("100%25 %41.jpg") == "100%25 %41.jpg"
