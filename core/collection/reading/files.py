"""Lists the pictures below a folder, quickly and never outside it; says what else lies there."""

from __future__ import annotations

import os
import shlex
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from core.collection.errors import CollectionError
from core.collection.reading.clutter import (
    UNREAD_SUFFIXES,
    is_system_file,
    is_system_folder,
    is_unfinished,
)
from core.collection.reading.pointers import find_pointers
from core.collection.wording import name_some
from core.picture_formats import HEAD_BYTES, SUFFIXES, find_format

MOST_FOLDERS_DEEP: Final = 8
"""Folders deeper than this are left out: whoever gives a whole disk gets an answer."""

Kind = Literal["file", "folder"]
Fate = Literal["left out", "refused"]
_SUFFIXES: Final = frozenset(SUFFIXES)
_MISNAMED: Final = "its name is not UTF-8"


@dataclass
class FolderListing:
    """The pictures below ``root``, as sorted POSIX paths relative to it, and all that is none.

    ``folders`` are those that were looked into, without ``root`` itself; ``left`` maps (kind, fate,
    reason) to the names of what was not taken, as ``core.collection.account`` has them;
    ``outside`` maps each link out of the root to its target.
    ``pointers`` maps each reason that names a pointer to the command that fetches the file.
    """

    root: Path
    images: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    left: dict[tuple[Kind, Fate, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    outside: dict[str, str] = field(default_factory=dict)
    pointers: dict[str, str] = field(default_factory=dict)

    @property
    def top(self) -> list[str]:
        """Pictures that lie in no subfolder."""
        return [image for image in self.images if "/" not in image]

    @property
    def in_folders(self) -> list[str]:
        """Pictures of the subfolders: ``Style/file.jpg``."""
        return [image for image in self.images if "/" in image]

    def leave(self, kind: Kind, fate: Fate, reason: str, name: str) -> None:
        """Notes that ``name`` is not taken."""
        self.left[kind, fate, reason].append(name)

    def notes(self) -> list[str]:
        """What the user may want to mend, with the way to do so."""
        said = []
        if self.outside:
            said.append(
                "Links that lead out of the folder were not followed: "
                f"{name_some(list(self.outside))}. To read what they lead to, add "
                f"--links-into {shlex.quote(str(self.target()))}."
            )
        if pointers := [
            name for what in self.pointers for name in self.left["file", "refused", what]
        ]:
            commands = " and ".join(f"`{each}`" for each in sorted(set(self.pointers.values())))
            said.append(
                f"Not fetched yet, left as pointers: {name_some(pointers)}. To fetch them, run "
                f"{commands} in {self.root.resolve()}."
            )
        if misnamed := self.left.get(("file", "refused", _MISNAMED)):
            said.append(
                "Files whose names are not UTF-8 were left out; rename them: "
                f"{name_some(misnamed)}."
            )
        return said

    def target(self) -> Path:
        """The folder that holds what all links out of the root lead to."""
        targets = [Path(target) for target in self.outside.values()]
        return Path(os.path.commonpath([target.parent for target in targets]))


@dataclass(frozen=True)
class _Folder:
    """A folder still to be read; ``trail`` holds the real paths of the folders that lead to it."""

    prefix: str
    trail: tuple[str, ...]


def list_images(root: Path, links_into: Path | None = None) -> FolderListing:
    """Pictures in ``root`` and below, without those of hidden and of system folders.

    A picture is known by its ending, or by its first bytes where the ending says nothing. Links
    are followed where they stay below ``root`` or ``links_into``. One ``os.scandir`` a folder and
    no ``stat`` for most files: 80,000 files take about .3 s. Raises ``CollectionError`` when
    ``root`` cannot be opened.
    """
    listing = FolderListing(root)
    homes = tuple(os.path.realpath(home) for home in (root, links_into) if home is not None)
    pending = [_Folder("", (homes[0],))]
    while pending:
        pending += _scan(pending.pop(), homes, listing)
    listing.images.sort()
    for names in listing.left.values():
        names.sort()
    return listing


def is_below(path: str, homes: Iterable[str]) -> bool:
    """Whether a real path is one of ``homes`` or lies below one."""
    return any(path == home or path.startswith(home.rstrip(os.sep) + os.sep) for home in homes)


def safe_relative(path: str) -> str | None:
    """``path`` as a POSIX path that stays below its root, ``None`` when it would leave it.

    Decided by the text alone: absolute paths, drives, URLs and ``..`` that climb out are refused.
    """
    text = path.strip().replace("\\", "/")
    if not text or "\0" in text or "://" in text or text.startswith("/") or text[1:2] == ":":
        return None
    tidy = os.path.normpath(text).replace(os.sep, "/")
    return None if tidy in (".", "..") or tidy.startswith("../") else tidy


def _scan(folder: _Folder, homes: tuple[str, ...], listing: FolderListing) -> list[_Folder]:
    """Adds the files of one folder to ``listing``; returns the folders in it."""
    place = listing.root / folder.prefix
    try:
        with os.scandir(place) as opened:
            entries = list(opened)
    except OSError as error:
        if not folder.prefix:
            raise _cannot_open(place, error) from error
        listing.leave("folder", "refused", _describe(error), folder.prefix.rstrip("/"))
        return []
    if folder.prefix:
        listing.folders.append(folder.prefix.rstrip("/"))
    folders: list[_Folder] = []
    images: list[str] = []
    for entry in entries:
        path = folder.prefix + entry.name
        if not path.isascii() and not _is_utf8(path):
            kind: Kind = "folder" if entry.is_dir(follow_symlinks=False) else "file"
            listing.leave(kind, "refused", _MISNAMED, path)
        elif entry.is_symlink() and not _may_follow(entry, path, homes, listing):
            continue
        elif entry.is_dir():
            folders += _enter(entry, path, folder, listing)
        elif _is_picture(entry, path, listing):
            images.append(entry.name)
    pointers = find_pointers(place, images)
    for name, (what, command) in pointers.items():
        listing.leave("file", "refused", what, folder.prefix + name)
        listing.pointers[what] = command
    listing.images += [folder.prefix + name for name in images if name not in pointers]
    return folders


def _enter(
    entry: os.DirEntry[str], path: str, above: _Folder, listing: FolderListing
) -> list[_Folder]:
    """The folder itself, in a list, where it is to be read."""
    if entry.name.startswith("."):
        listing.leave("folder", "left out", "hidden", path)
    elif is_system_folder(entry.name):
        listing.leave("folder", "left out", "a recycle bin, a cache or a system's own", path)
    elif path.count("/") >= MOST_FOLDERS_DEEP:
        reason = f"deeper than {MOST_FOLDERS_DEEP} folders"
        listing.leave("folder", "refused", reason, path)
    else:
        is_link = entry.is_symlink()
        real = os.path.realpath(entry.path) if is_link else f"{above.trail[-1]}/{entry.name}"
        if not any(is_below(passed, (real,)) for passed in above.trail):
            return [_Folder(f"{path}/", (*above.trail, real))]
        listing.leave("folder", "left out", "a link to a folder that holds it", path)
    return []


def _may_follow(
    entry: os.DirEntry[str], path: str, homes: tuple[str, ...], listing: FolderListing
) -> bool:
    target = os.path.realpath(entry.path)
    if not Path(target).exists():
        reason = "a link to what is not on this machine"
        listing.leave("file", "refused", reason, path)
        return False
    if is_below(target, homes):
        return True
    listing.leave(_kind(entry), "refused", "a link that leads out of the folder", path)
    listing.outside[path] = target
    return False


def _is_picture(entry: os.DirEntry[str], path: str, listing: FolderListing) -> bool:
    """Whether a file is a picture; noted in ``listing`` where it is none."""
    if entry.name.startswith("."):
        listing.leave("file", "left out", "hidden", path)
    elif not entry.is_file():
        listing.leave("file", "left out", "neither a file nor a folder", path)
    else:
        dot, ending = entry.name.rpartition(".")[1:]
        suffix = dot + ending.lower() if dot else ""
        if suffix in _SUFFIXES:
            return True
        ending = suffix or "without an ending"
        if is_system_file(entry.name):
            listing.leave("file", "left out", "a system's own", path)
        elif is_unfinished(entry.name):
            listing.leave("file", "refused", f"not fetched to its end ({ending})", path)
        elif suffix in UNREAD_SUFFIXES:
            listing.leave("file", "refused", f"a kind of picture that is not read ({ending})", path)
        else:
            return _begins_as_picture(Path(entry.path), path, ending, listing)
    return False


def _begins_as_picture(file: Path, path: str, ending: str, listing: FolderListing) -> bool:
    try:
        with file.open("rb") as opened:
            is_picture = find_format(opened.read(HEAD_BYTES)) is not None
    except OSError as error:
        listing.leave("file", "refused", _describe(error), path)
        return False
    if not is_picture:
        listing.leave("file", "left out", f"no picture ({ending})", path)
    return is_picture


def _cannot_open(folder: Path, error: OSError) -> CollectionError:
    return CollectionError(
        f"{folder} cannot be opened",
        found=error.strerror or str(error),
        expected="a folder that you may read",
        remedy="Ask its owner for the right to read it, or copy it to a place of your own.",
    )


def _describe(error: OSError) -> str:
    return f"cannot be opened: {error.strerror or error}"


def _kind(entry: os.DirEntry[str]) -> Kind:
    return "folder" if entry.is_dir() else "file"


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:  # a byte that the file system's encoding could not decode
        return False
    return True
