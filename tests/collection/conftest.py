"""Small collections in the forms that users hold."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PIL import Image

Paint = Callable[..., Path]


@pytest.fixture
def paint(tmp_path: Path) -> Paint:
    """Writes small pictures at the given paths below a folder; each has its own colour."""

    def paint_files(paths: Iterable[str], root: Path = tmp_path) -> Path:
        for number, path in enumerate(paths):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            colour = (number * 37 % 256, number * 11 % 256, 128)
            Image.new("RGB", (8, 8), colour).save(root / path, format="JPEG")
        return root

    return paint_files


@pytest.fixture
def write_labels(tmp_path: Path) -> Callable[..., Path]:
    """Writes official label files: ``write_labels(style_train=[...], style_class=[...])``."""

    def write(folder: str = "labels", newline: str = "\r\n", **files: list[str]) -> Path:
        home = tmp_path / folder
        home.mkdir(parents=True, exist_ok=True)
        for name, lines in files.items():
            suffix = ".txt" if name.endswith("_class") else ".csv"
            text = "".join(line + newline for line in lines)
            (home / (name + suffix)).write_bytes(text.encode())
        return home

    return write
