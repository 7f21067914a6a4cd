"""Folders of buckets: what comes here, what stays, and names that would lead elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.collection.open import SourceOptions
from core.fetch.__main__ import main
from core.fetch.collection import open_fetched, refuse_elsewhere
from core.fetch.errors import FetchError
from tests.fetch.conftest import put
from tests.fetch.loopback import make_picture

pytestmark = pytest.mark.server


def test_a_folder_of_styles_becomes_a_collection(
    s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(8):
        put(s3, f"art/{'AB'[number % 2]}/ada_work-{number}.jpg", make_picture(number))
    put(s3, "art/A/notes.txt.bak", b"x")
    put(s3, "art/A/broken.jpg", b"<html>")
    folder = tmp_path / "art"
    words = ["s3://scans/art", "--to", str(folder)]
    assert main(words) == 1
    said = capsys.readouterr().out
    assert "8 files" in said
    assert "1 file refused, not an image but a web page or other markup: A/broken.jpg" in said
    assert "1 file left out, neither a picture nor a table: A/notes.txt.bak" in said
    assert f"python train.py {folder}" in said
    assert (folder / "B" / "ada_work-7.jpg").read_bytes() == make_picture(7)
    s3.delete_object(Bucket="scans", Key="art/A/broken.jpg")
    assert main(words) == 0
    collection = open_fetched(SourceOptions("s3://scans/art", images=tmp_path / "again"))
    assert len(collection) == 8
    assert set(collection.paintings["given_style"]) == {"A", "B"}


@pytest.mark.parametrize(
    "name", ["../../up.jpg", "a/../up.jpg", "a\\b.jpg", "C:/b.jpg", "a\u202eb.jpg", "x" * 250]
)
def test_a_name_leads_nowhere(s3: Any, tmp_path: Path, name: str) -> None:
    root = f"names-{abs(hash(name))}"
    put(s3, f"{root}/1.jpg", make_picture(1))
    put(s3, f"{root}/{name.removesuffix('.jpg')}.jpg", make_picture(2))
    assert main([f"s3://scans/{root}", "--to", str(tmp_path / "to" / "here")]) == 1
    pictures = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jpg")}
    assert pictures == {"to/here/1.jpg"}


def test_a_folder_that_is_not_there_and_one_without_pictures(
    s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, "texts/a.bak", b"x")
    for address in ("s3://scans/nothing", "s3://scans/texts", "s3://no-such-bucket/x"):
        assert main([address, "--to", str(tmp_path / "to")]) == 2
        assert address in capsys.readouterr().err


def test_without_a_folder_for_it_the_command_is_named() -> None:
    options = SourceOptions("s3://scans/art")
    for ask in (refuse_elsewhere, open_fetched):
        with pytest.raises(FetchError, match=r"python -m core\.fetch s3://scans/art --to FOLDER"):
            ask(options)
