"""Finds the picture files that a table names, below one root."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from core.collection.reading.files import safe_relative
from core.collection.wording import count_of, name_some


@dataclass
class LocatedFiles:
    """Rows whose picture was found, and those left out."""

    found: dict[int, str] = field(default_factory=dict)  # row -> POSIX path below the root
    unnamed: int = 0
    refused: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def notes(self) -> list[str]:
        said = []
        if self.unnamed:
            said.append(f"Left out without a file name: {count_of(self.unnamed, 'row')}.")
        if self.refused:
            said.append(f"Paths outside the image folder, refused: {name_some(self.refused)}.")
        if self.absent:
            said.append(f"Missing files, left out: {name_some(self.absent)}.")
        return said


def locate_files(paths: pd.Series, root: Path) -> LocatedFiles:
    """Finds each path below ``root``; links are followed only where they stay below it."""
    located = LocatedFiles()
    home = os.path.realpath(root)
    folders: dict[str, bool] = {}  # whether a folder resolves to a path below the root
    for row, path in paths.items():
        if not isinstance(path, str):
            located.unnamed += 1
            continue
        safe = safe_relative(path)
        if safe is None:
            located.refused.append(path)
        elif not (root / safe).is_file():
            located.absent.append(path)
        elif not _stays_below(root / safe, home, folders):
            located.refused.append(path)
        else:
            located.found[int(str(row))] = safe
    return located


def _stays_below(file: Path, home: str, folders: dict[str, bool]) -> bool:
    if file.is_symlink():
        return Path(os.path.realpath(file)).is_relative_to(home)
    folder = str(file.parent)
    if folder not in folders:
        folders[folder] = Path(os.path.realpath(folder)).is_relative_to(home)
    return folders[folder]
