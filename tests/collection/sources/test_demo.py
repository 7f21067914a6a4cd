from pathlib import Path

import pytest

from core.collection.open import SourceOptions, open_collection
from core.errors import UserError


@pytest.mark.slow
def test_the_demo_is_painted_once_and_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = SourceOptions("demo", demo_root=tmp_path / "demo", demo_works=40)
    first = open_collection(options)
    assert "Painting the demo: 40/40" in capsys.readouterr().err
    again = open_collection(options)
    assert capsys.readouterr().err == ""
    assert (first.name, first.source, len(first)) == ("demo", "demo", 40)
    assert first.paintings.equals(again.paintings)
    labelled = first.paintings[["given_style", "given_artist", "given_genre", "year", "title"]]
    assert labelled.notna().all(axis=None)
    assert all(first.reader.read(image) for image in first.paintings["image"])


def test_other_files_are_not_painted_over(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me")
    with pytest.raises(UserError, match="something other"):
        open_collection(SourceOptions("demo", demo_root=tmp_path))
    assert (tmp_path / "letter.txt").read_text() == "keep me"
