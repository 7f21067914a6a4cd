"""Folders of styles: which of them hold the paintings, and what became of all that lies there."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.clutter import is_doubtful
from core.collection.reading.encoding import fold_name
from core.collection.reading.files import FolderListing
from core.collection.reading.layouts import Layout, Meaning, find_home, find_layout, is_time
from core.collection.reading.splits import parse_split
from core.collection.wording import count_of, list_some, name_some

_NUMBERED: Final = re.compile(r"-?\(?\d+\)?$")
# Files that may describe the pictures of a folder, or hold them.
_TABLES: Final = (".csv", ".tsv", ".parquet", ".xlsx", ".ods")
_ARCHIVES: Final = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")


@dataclass(frozen=True)
class StyleFolders:
    """Pictures with what their folders say: ``home`` holds the first level of ``layout``.

    ``images`` are relative to ``home``, one ``told`` each; ``unfit`` maps the reasons why others
    were left out to their paths, relative to the collection's root.
    """

    home: str
    layout: Layout
    images: list[str]
    told: list[dict[Meaning, str]]
    unfit: dict[str, list[str]]


def read_folders(
    listing: FolderListing, layout: Layout | None, leave_out: Sequence[str] = ()
) -> StyleFolders:
    """Finds the folder that holds the style folders, and reads each picture's own.

    ``leave_out`` names folders whose pictures are left out. Raises ``CollectionError`` for one that
    is not there, and where no layout fits.
    """
    kept, named = _leave_out(listing, leave_out)
    images, unfit = _set_splits_aside(kept)
    unfit |= named
    if listing.top:
        unfit["in no folder of a style"] = listing.top
    holding = {image.rpartition("/")[0] for image in images}
    home = "".join(f"{name}/" for name in find_home(tuple(each.split("/")) for each in holding))
    below = [image.removeprefix(home) for image in images]
    if layout is None:
        layout = find_layout(below, str(listing.root / home).rstrip("/"))
    elif home and not any(layout.read(image.split("/")[:-1]) for image in below):
        home, below = "", images  # the layout counts from the root itself
    inside = [image.rpartition("/")[0] for image in below]
    told = {folder: layout.read(folder.split("/")) for folder in set(inside)}
    if not all(told.values()):
        lost = [image for image, folder in zip(below, inside, strict=True) if not told[folder]]
        unfit[f"not at the depth of the layout {layout}"] = [home + image for image in lost]
        below = [image for image, folder in zip(below, inside, strict=True) if told[folder]]
    if not below:
        raise CollectionError(
            f"No picture of {listing.root} fits the layout {layout}",
            found=list_some(images, 2),
            expected=f"paths as {layout}/picture.jpg",
            remedy="Leave --layout out, or give another.",
        )
    meanings = [meaning for folder in inside if (meaning := told[folder])]
    return StyleFolders(home, layout, below, meanings, unfit)


def _leave_out(
    listing: FolderListing, folders: Sequence[str]
) -> tuple[list[str], dict[str, list[str]]]:
    """Pictures outside ``folders``, each a name or a path below the root; and those inside."""
    kept, named = listing.in_folders, []
    for folder in folders:
        inside = f"/{unicodedata.normalize('NFC', folder).strip('/')}/"
        lies = {
            image: inside in f"/{unicodedata.normalize('NFC', image).rpartition('/')[0]}/"
            for image in kept
        }
        if not any(lies.values()):
            raise CollectionError(
                f"There is no folder of pictures '{folder}' to leave out",
                found=list_some(sorted({image.partition("/")[0] for image in kept})),
                remedy="Correct --leave-out.",
            )
        named += [image for image in kept if lies[image]]
        kept = [image for image in kept if not lies[image]]
    return kept, {"in a folder that --leave-out names": named} if named else {}


def ask_about_styles(folders: StyleFolders) -> list[str]:
    """Questions on folders whose names are seldom a style's: a time, a number, an artist's."""
    counts = Counter(each["style"] for each in folders.told)
    if all(name.isdecimal() for name in counts):
        return [
            f"The styles are numbers ({list_some(sorted(counts, key=int))}), as their folders are: "
            "call the folders by their names."
        ]
    named_alike = sum(find_named_alike(folders))
    if named_alike * 2 > len(folders.told):
        return [
            f"Are these folders artists, not styles? {count_of(named_alike, 'picture')} have the "
            f"name of their folder and a number ({folders.images[0]}). If so, there is no style to "
            "check: list the paintings with their styles in a table."
        ]
    doubted = [name for name in sorted(counts) if is_time(name) or is_doubtful(name)]
    if not doubted or len(doubted) == len(counts):
        return []
    shown = [f'"{name}" ({counts[name]:,})' for name in doubted]
    flags = " ".join(f"--leave-out {shlex.quote(name)}" for name in doubted[:3])
    return [
        f"Is each of these folders a style? Each was read as one: {list_some(shown, 3)}. If not: "
        f"{flags}."
    ]


def find_named_alike(folders: StyleFolders) -> list[bool]:
    """Whether each picture's name is that of its folder and a number: ``Paul_Klee/Paul_Klee_7``."""
    return [
        _NUMBERED.sub("", _plain(image.rpartition("/")[2].rpartition(".")[0]))
        == _plain(each["style"])
        for image, each in zip(folders.images, folders.told, strict=True)
    ]


def _plain(name: str) -> str:
    return fold_name(name).replace("_", "-")


def _set_splits_aside(images: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """``test`` beside folders of styles is no style, and no style lies beside ``train``."""
    tops = {image.partition("/")[0] for image in images}
    splits = {top for top in tops if parse_split(top)}
    if not splits or splits == tops:
        return images, {}
    parts: dict[bool, list[str]] = {True: [], False: []}
    for image in images:
        parts[image.partition("/")[0] in splits].append(image)
    if len(parts[True]) > len(parts[False]):
        return parts[True], {"beside the folders of the splits": parts[False]}
    return parts[False], {"in the folder of a split beside those of styles": parts[True]}


def account_for(listing: FolderListing, folders: StyleFolders) -> Account:
    account = Account()
    read = [folders.home + image for image in folders.images]
    account.add("file", "read", "", read)
    for reason, images in folders.unfit.items():
        account.add("file", "left out", reason, images)
    for (kind, fate, reason), names in listing.left.items():
        account.add(kind, fate, reason, names)
    holding = {above for image in read for above in _folders_of(image)}
    account.add("folder", "read", "", [name for name in listing.folders if name in holding])
    empty = [name for name in listing.folders if name not in holding]
    account.add("folder", "left out", "no picture of a painting in it", empty)
    return account


@lru_cache(maxsize=4096)
def _above(folder: str) -> tuple[str, ...]:
    parts = folder.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _folders_of(image: str) -> tuple[str, ...]:
    """``a/b/c.jpg`` -> ``a``, ``a/b``."""
    return _above(image.rpartition("/")[0])


def note_layout(folders: StyleFolders) -> list[str]:
    """What was found out about the folders, where that is more than a folder a style."""
    notes = []
    if folders.home:
        notes.append(f"The folders of the styles lie in {folders.home.rstrip('/')}.")
    layout = folders.layout
    if layout == Layout(("style",)):
        return notes
    deeper = [image for image in folders.images if image.count("/") > len(layout.levels)]
    if layout.levels != ("style",):
        notes.append(
            f"The folders were read as {layout}, as in {folders.images[0]}; --layout reads them "
            "otherwise."
        )
    if deeper:
        below = sorted({image.rpartition("/")[0] for image in deeper})
        notes.append(
            f"{count_of(len(deeper), 'picture')} in folders below these were read with the rest: "
            f"{name_some(below)}. --layout {shlex.quote(str(replace(layout, deeper=False)))} "
            "leaves them out."
        )
    return notes


def no_folders(listing: FolderListing) -> CollectionError:
    """Says what lies in a folder without folders of pictures, and how to read it."""
    root = listing.root
    told = [
        f"{count_of(len(names), kind)} {fate}, {reason} ({list_some(names, 2)})"
        for (kind, fate, reason), names in listing.left.items()
        if names[0] not in listing.outside and reason not in listing.pointers
    ]
    direct = f"{count_of(len(listing.top), 'image')} directly in it" if listing.top else "no image"
    folders = f"{count_of(len(listing.folders), 'folder')} without images"
    remedy = listing.notes()
    beside = sorted(each for each in root.iterdir() if each.is_file())
    if tables := [str(each) for each in beside if each.suffix.lower() in _TABLES]:
        remedy.append(f"For a table of paintings give the table itself: {list_some(tables, 2)}.")
    if archives := [str(each) for each in beside if each.suffix.lower() in _ARCHIVES]:
        remedy.append(f"Unpack {list_some(archives, 2)} first.")
    return CollectionError(
        f"{root} holds no folders of images",
        found="; ".join([f"{direct} and {folders}", *told]),
        expected="one folder a style, as in Baroque/rembrandt_the-night-watch-1642.jpg",
        remedy=" ".join(remedy)
        or "Check the path; for a table of paintings give the CSV itself, with --images for "
        "the folder of its pictures.",
    )
