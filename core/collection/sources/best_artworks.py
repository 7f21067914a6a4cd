"""Kaggle's ``best-artworks-of-all-time``: ``artists.csv`` and a folder of images an artist.

The label is the artist's: ``artists.csv`` names the styles of each of 50 painters
("Expressionism,Abstractionism"), and the first becomes the given style of all their works. Style
and artist thus carry the same information here, which leaves little evidence of wrong styles; the
notes say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.encoding import match_names, repair_name
from core.collection.reading.files import FolderListing, list_images
from core.collection.reading.tables import load_table
from core.collection.sources.wikiart_labels import canonical_class
from core.collection.table import (
    Collection,
    FolderReader,
    build_paintings,
    note_labels,
    require_labels,
)
from core.collection.wording import name_some

# Unpacked, the images lie in a folder within the folder; ``resized`` holds smaller copies of the
# same works.
_IMAGE_FOLDERS: Final = ("images/images", "images", "resized/resized", "resized")
_LONGEST_HEADER: Final = 10_000
_COUNTER: Final = re.compile(r"_\d+$")


def is_best_artworks(root: Path) -> bool:
    """Whether ``root`` is the unpacked download: other museums have an ``artists.csv``, too."""
    file = root / "artists.csv"
    if not file.is_file() or not any((root / folder).is_dir() for folder in _IMAGE_FOLDERS):
        return False
    with file.open(encoding="utf-8", errors="replace") as opened:
        header = opened.readline(_LONGEST_HEADER).casefold()
    return {"name", "genre"} <= set(re.findall(r"\w+", header))


def open_best_artworks(root: Path, links_into: Path | None = None) -> Collection:
    """Opens the download unpacked at ``root``; links may lead into ``links_into``.

    Raises ``CollectionError`` when ``artists.csv`` or the images are absent, or no folder is that
    of an artist in the table.
    """
    account = Account()
    artists, notes = _load_artists(root / "artists.csv", account)
    listing = _find_images(root, links_into)
    home = listing.root
    rows, doubled = _drop_doubles(home, listing.images)
    folders = match_names(rows["folder"].unique(), {name.replace(" ", "_") for name in artists})
    rows["artist"] = rows["folder"].map(folders.pairs).str.replace("_", " ")
    unlisted = sorted(set(rows["folder"][rows["artist"].isna()]))
    rows["given_artist"] = rows["artist"] = rows["artist"].astype("str").map(repair_name, "ignore")
    styles = {repair_name(name): style for name, style in artists.items()}
    rows["given_style"] = rows["artist"].map(styles)
    paintings = build_paintings(rows, where=str(root), account=account)
    require_labels(paintings, where=str(root))
    notes += listing.notes() + _notes(unlisted) + note_labels(paintings)
    reader = FolderReader(home.resolve(), links_into=links_into and links_into.resolve())
    _add_to(account, listing, rows, doubled)
    met = {name.replace("_", " ") for name in folders.pairs.values()}
    account.add("label", "read", "", [name for name in artists if name in met])
    absent = [name for name in artists if name not in met]
    account.add("label", "left out", "in artists.csv, but there is no picture", absent)
    return Collection(
        root.resolve().name,
        "best-artworks",
        str(home.resolve()),
        paintings,
        reader,
        tuple(notes),
        account,
    )


def _add_to(
    account: Account, listing: FolderListing, rows: pd.DataFrame, doubled: list[str]
) -> None:
    """Adds every file and folder to ``account``."""
    account.add("file", "read", "", rows["image"])
    account.add("file", "left out", "a copy in a folder whose name is mis-encoded", doubled)
    for (kind, fate, reason), names in listing.left.items():
        account.add(kind, fate, reason, names)
    read = set(rows["image"].str.rpartition("/")[0])
    account.add("folder", "read", "", [name for name in listing.folders if name in read])
    empty = [name for name in listing.folders if name not in read]
    account.add("folder", "left out", "no picture of a painting in it", empty)


def _load_artists(file: Path, account: Account) -> tuple[dict[str, str], list[str]]:
    """First style of each artist of ``artists.csv``."""
    table, notes = load_table(file, account)
    missing = {"name", "genre"} - set(table.columns)
    if missing:
        raise CollectionError(
            f"{file} lacks the column {', '.join(sorted(missing))}",
            found=", ".join(table.columns),
            expected="the columns id, name, years, genre, nationality, ...",
            remedy="Where this is another museum's list of artists, name the form of the folder "
            "with --source.",
        )
    styles = table["genre"].str.split(",").str[0].map(canonical_class)
    return dict(zip(table["name"].str.strip(), styles, strict=True)), notes


def _find_images(root: Path, links_into: Path | None) -> FolderListing:
    for folder in _IMAGE_FOLDERS:
        if (root / folder).is_dir():
            listing = list_images(root / folder, links_into)
            if listing.images:
                return listing
    raise CollectionError(
        f"{root} holds no image",
        expected="images/images/<Artist>/<Artist>_1.jpg, or resized/resized/<Artist>_1.jpg",
        remedy="Unpack the whole archive beside artists.csv.",
    )


def _drop_doubles(home: Path, images: Iterable[str]) -> tuple[pd.DataFrame, list[str]]:
    """Rows of ``images``, and the paths left out.

    The download holds Dürer twice, once in a folder whose name is mis-encoded: a work of the same
    repaired name and the same size in bytes as another is left out.
    """
    seen: dict[tuple[str, int], str] = {}
    doubled: list[str] = []
    # Correctly spelled paths first, so that these are kept.
    for image in sorted(images, key=lambda path: (repair_name(path) != path, path)):
        harmed = not image.isascii()
        size = (home / image).stat().st_size if harmed else 0
        if seen.setdefault((repair_name(image), size), image) != image:
            doubled.append(image)
    kept = list(seen.values())
    folder = [_artist_of(PurePosixPath(image)) for image in kept]
    return pd.DataFrame({"key": kept, "image": kept, "folder": folder}), doubled


def _artist_of(image: PurePosixPath) -> str:
    """Artist's folder, or the file's name without its counter where there are no folders."""
    return image.parent.name or _COUNTER.sub("", image.stem)


def _notes(unlisted: list[str]) -> list[str]:
    notes = [
        "The style is the first one that artists.csv gives for the artist, the same for all of an "
        "artist's works: treat style findings here as findings about the artist."
    ]
    if unlisted:
        notes.append(
            f"Folders whose artist is not in artists.csv, unlabelled: {name_some(unlisted)}."
        )
    return notes
