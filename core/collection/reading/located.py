"""Finds the picture files that a table names, below one root."""

from __future__ import annotations

import os
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from core.collection.reading.fetched import first_address, read_ledger
from core.collection.reading.files import is_below, list_images
from core.collection.reading.lookalikes import Lookalikes
from core.collection.reading.paths import find_place, plain_path, read_path
from core.collection.reading.pointers import read_pointer
from core.collection.wording import count_of, list_some, name_some

WEB: Final = "a web address"
UNNAMED: Final = "no file name"
_FOREIGN: Final = "a path of another machine, or outside the image folder"
_OUTSIDE: Final = "a path that leaves the image folder"
_LINK: Final = "a link that leads out of the image folder"
_ABSENT: Final = "no such file"
_NO_ADDRESS: Final = "not an address"
_NOT_FETCHED: Final = "not fetched yet"
_SEVERAL: Final = "more than one file fits"
_SHARED: Final = "several rows fit one file"
_SAMPLED: Final = 64  # files, of which a pointer has all looked at
_TRIED: Final = 20  # paths, whose beginnings are tried as what another machine put before them


@dataclass(frozen=True)
class ImageFolder:
    """Where the pictures of a table lie: below ``root``, by default the table's folder.

    ``links_into`` is a folder that links may lead into, ``strip_prefix`` what paths begin with on
    the machine that they come from.
    """

    root: Path | None = None
    links_into: Path | None = None
    strip_prefix: str | None = None


@dataclass
class LocatedFiles:
    """Rows whose picture was found, and those left out.

    ``found`` maps rows to POSIX paths below the root; ``unfound`` reasons to rows, ``changed`` to
    rows that were found though their path is not quite the file's. ``advice`` are sentences with
    flags that were tried.
    """

    found: dict[int, str] = field(default_factory=dict)
    unfound: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    advice: list[str] = field(default_factory=list)

    def describe(self, paths: pd.Series) -> list[str]:
        """``"24 rows, no such file (img/1.jpg, ...)"``, a phrase a reason."""
        return [
            f"{count_of(len(rows), 'row')}, {reason}"
            + (f" ({list_some([str(paths[row]) for row in rows], 3)})" if reason != UNNAMED else "")
            for reason, rows in self.unfound.items()
        ]

    def notes(self, paths: pd.Series) -> list[str]:
        """What was left out, by the paths that the table gives, and what may help."""
        left = "; ".join(self.describe(paths))
        return [*([f"Left out: {left}."] if left else []), *self.advice]


def locate_files(
    paths: pd.Series,
    root: Path,
    *,
    links_into: Path | None = None,
    strip_prefix: str | None = None,
) -> LocatedFiles:
    """Finds the file below ``root`` that each path means.

    A path as it stands comes first; then what it means in another form (see
    ``core.collection.reading.paths``), then the one file whose name differs in form alone. Links
    are followed where they stay below ``root`` or lead into ``links_into``. ``strip_prefix`` is
    taken off the paths that begin with it.
    """
    return _Search(paths, root, links_into, strip_prefix).run()


def locate_fetched(addresses: pd.Series, root: Path) -> LocatedFiles:
    """Finds the file below ``root`` that was fetched from each address, by the ledger there."""
    records, located = read_ledger(root), LocatedFiles()
    for place, cell in addresses.items():
        row = int(str(place))
        if not isinstance(cell, str):
            located.unfound[UNNAMED].append(row)
            continue
        address = first_address(cell)
        record = records.get(address)
        if not address:
            located.unfound[_NO_ADDRESS].append(row)
        elif record is None:
            located.unfound[_NOT_FETCHED].append(row)
        elif not record.file:
            located.unfound[record.reason].append(row)
        elif not _is_file(root / record.file):
            located.unfound[_ABSENT].append(row)
        else:
            located.found[row] = record.file
    return located


class _Search:
    def __init__(
        self, paths: pd.Series, root: Path, links_into: Path | None, strip_prefix: str | None
    ) -> None:
        self.paths = {int(str(row)): path for row, path in paths.items()}
        self.root, self.links_into, self.strip_prefix = root, links_into, strip_prefix
        self.homes = tuple(os.path.realpath(home) for home in (root, links_into) if home)
        self.located = LocatedFiles()
        self.folders: dict[str, bool] = {}  # whether a folder resolves to a path below the homes
        self.outside: dict[str, str] = {}  # link -> where it leads
        self.missing: dict[str, list[int]] = defaultdict(list)

    def run(self) -> LocatedFiles:
        for row, path in self.paths.items():
            if not isinstance(path, str):
                self.located.unfound[UNNAMED].append(row)
            elif find_place(path) == "web":
                self.located.unfound[WEB].append(row)
            elif not self._find_spelled(row, path):
                self.missing[path].append(row)
        self._advise_on_links()
        if self.missing:
            looks = Lookalikes(list_images(self.root, self.links_into).images)
            self._find_lookalikes(looks)
            self._advise_on_lost(looks)
        self._leave_pointers()
        return self.located

    def _read(self, path: str) -> Iterator[tuple[str, str]]:
        return read_path(path, self.root, self.strip_prefix)

    def _find_spelled(self, row: int, path: str) -> bool:
        """Whether ``path`` names a file in any of its forms, or a link that leads out."""
        for place, how in self._read(path):
            file = self.root / place
            if not _is_file(file):
                continue
            if not self._stays_below(file):
                self.located.unfound[_LINK].append(row)
                self.outside[place] = os.path.realpath(file)
            else:
                self._take(row, place, how)
            return True
        return False

    def _take(self, row: int, place: str, how: str) -> None:
        self.located.found[row] = place
        if how:
            self.located.changed[how].append(row)

    def _stays_below(self, file: Path) -> bool:
        if file.is_symlink():
            return is_below(os.path.realpath(file), self.homes)
        folder = str(file.parent)
        if folder not in self.folders:
            self.folders[folder] = is_below(os.path.realpath(folder), self.homes)
        return self.folders[folder]

    def _find_lookalikes(self, looks: Lookalikes) -> None:
        """Takes the one file that a path may mean, unless another row names it."""
        taken = set(self.located.found.values())
        meant: dict[str, tuple[tuple[str, ...], str]] = {}
        for path in self.missing:
            options = [looks.find(place) for place, _ in self._read(path)]
            files, how = next((option for option in options if option[0]), ((), ""))
            meant[path] = (tuple(file for file in files if file not in taken), how)
        unsure: list[str] = []
        claims = Counter(files[0] for files, _ in meant.values() if len(files) == 1)
        for path, rows in self.missing.items():
            files, how = meant[path]
            if len(files) == 1 and claims[files[0]] == 1:
                for row in rows:
                    self._take(row, files[0], how)
                continue
            reason = _SEVERAL if len(files) > 1 else _SHARED if files else self._why_absent(path)
            self.located.unfound[reason] += rows
            if files:
                unsure.append(f"{path} ({list_some(files)})")
        if unsure:
            self.located.advice.append(
                f"Paths that do not tell one file from another: {list_some(unsure, 3)}. Write them "
                "as the files are named."
            )

    def _why_absent(self, path: str) -> str:
        if next(self._read(path), None) is not None:
            return _ABSENT
        return _FOREIGN if find_place(path) == "absolute" else _OUTSIDE

    def _advise_on_links(self) -> None:
        if self.outside:
            above = os.path.commonpath([Path(target).parent for target in self.outside.values()])
            self.located.advice.append(
                f"Links that lead out of {self.root} were not followed: "
                f"{name_some(list(self.outside))}. To read what they lead to, add "
                f"--links-into {shlex.quote(above)}."
            )

    def _advise_on_lost(self, looks: Lookalikes) -> None:
        """Flags with which paths that name no file would name one; each was tried."""
        lost = [path for path, rows in self.missing.items() if rows[0] not in self.located.found]
        ways = Counter(way for path in lost[:_TRIED] if (way := self._find_way(path, looks)))
        for (folder, prefix), count in ways.most_common(1):
            if count * 2 < len(lost[:_TRIED]):
                return
            flags = f"--images {shlex.quote(str(self.root / folder))} " if folder else ""
            flags += f"--strip-prefix {shlex.quote(prefix)}" if prefix else ""
            self.located.advice.append(
                f"Pictures of these names lie in {self.root / folder}"
                f"{f' without the beginning {prefix}' if prefix else ''}: add {flags.strip()}."
            )

    def _find_way(self, path: str, looks: Lookalikes) -> tuple[str, str] | None:
        """Folder below the root, and beginning of ``path`` without which it names a file there."""
        parts = plain_path(path).split("/")
        for count in range(len(parts)):
            prefix = "/".join(parts[:count])
            if count and not prefix:  # the first slash of an absolute path
                continue
            for place, _ in read_path(path, self.root, prefix or None):
                if prefix and _is_file(self.root / place):
                    return "", prefix
                files = looks.ends_with(place)
                if len(files) == 1:
                    return "/".join(files[0].split("/")[: -len(place.split("/"))]), prefix
        return None

    def _leave_pointers(self) -> None:
        """Takes back files that Git LFS or git-annex has not fetched."""
        found = self.located.found
        step = -(-len(found) // _SAMPLED) or 1
        sample = list(found.values())[::step]
        if not any(read_pointer(self.root / place) for place in sample):
            return
        for row, place in list(found.items()):
            if (pointer := read_pointer(self.root / place)) is not None:
                del found[row]
                self.located.unfound[pointer[0]].append(row)
                fetch = f"Fetch what the pointers stand for: run `{pointer[1]}` in {self.root}."
                if fetch not in self.located.advice:
                    self.located.advice.append(fetch)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have: too long, of odd bytes
        return False
