from pathlib import Path

import pytest

from core.collection.errors import CollectionError
from core.collection.reading.pointers import LARGEST, find_pointers, read_pointer, refuse_pointer

LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:9f95\nsize 514946961\n"


def test_a_pointer_is_refused_with_the_size_and_the_command(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text(LFS)
    with pytest.raises(CollectionError, match=r"pointer.*514,946,961 bytes.*git lfs pull") as said:
        refuse_pointer(tmp_path / "objects.csv")
    assert str(tmp_path) in said.value.remedy
    (tmp_path / "annexed.jpg").write_text("/annex/objects/SHA256E-s31--9f.jpg\n")
    with pytest.raises(CollectionError, match="git annex get"):
        refuse_pointer(tmp_path / "annexed.jpg")


@pytest.mark.parametrize("text", ["", "id,style\n", "version 2\n", LFS + "x" * LARGEST])
def test_other_files_are_no_pointers(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text)
    assert read_pointer(tmp_path / "x") is None
    refuse_pointer(tmp_path / "x")
    refuse_pointer(tmp_path / "absent")


def test_one_pointer_in_the_sample_has_all_looked_at(tmp_path: Path) -> None:
    names = [f"{number:02}.jpg" for number in range(40)]
    for name in names:
        (tmp_path / name).write_text(LFS if name >= "20" else "picture")
    assert sorted(find_pointers(tmp_path, names)) == names[20:]
    assert find_pointers(tmp_path, names[:20]) == {}
