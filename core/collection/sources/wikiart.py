"""WikiArt as folders: ``Style/artist-slug_title-slug-year.jpg``, a folder a style.

The folder's name is the style. Where the official label files or Kaggle's ``classes.csv`` lie in or
beside the folders, they take precedence and add genre and split. The artist is always read from the
file name: the official artist files name only 23 artists, and agree.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pandas as pd

from core.collection.errors import CollectionError
from core.collection.reading.encoding import NameMatches, match_names
from core.collection.reading.files import FolderListing, list_images
from core.collection.reading.names import artist_from_slug
from core.collection.sources.wikiart_labels import (
    OfficialLists,
    canonical_class,
    class_spelling,
    describe_paths,
    find_lists,
    load_lists,
    match_paths,
    unify_class,
)
from core.collection.table import (
    Collection,
    FolderReader,
    build_paintings,
    note_lone_labels,
    require_labels,
)
from core.collection.wording import count_of, name_some

# Kaggle's subset is not the style task's official split, but divides the same way.
_KAGGLE_SPLITS: Final = {"train": "train", "test": "val", "val": "val"}


def open_wikiart(root: Path, labels: Path | None = None) -> Collection:
    """Opens the folders below ``root``; ``labels`` is the folder of official label files.

    Raises ``CollectionError`` when no folder holds an image or fewer than two styles remain.
    """
    home, listing = find_style_folders(root)
    rows = describe_paths(listing.in_folders)
    rows["given_style"] = [canonical_class(path.partition("/")[0]) for path in rows["key"]]
    notes = listing.notes()
    if listing.top:
        notes.append(f"Images outside a style folder were left out: {name_some(listing.top)}.")
    rows["given_genre"], rows["split"] = None, None
    if (home / "classes.csv").is_file():
        notes += _apply_kaggle(rows, home / "classes.csv")
    folder = labels or find_lists(home)
    if folder is not None:
        notes += _apply_official(rows, load_lists(folder))
    paintings = build_paintings(rows, where=str(root))
    require_labels(paintings, where=str(root))
    notes += note_lone_labels(paintings)
    home = home.resolve()
    name, reader = root.resolve().name, FolderReader(home)
    return Collection(name, "wikiart", str(home), paintings, reader, tuple(notes))


def find_style_folders(root: Path) -> tuple[Path, FolderListing]:
    """The folder whose subfolders hold images: ``root`` itself or the one folder inside it.

    Raises ``CollectionError`` that names what was found instead.
    """
    listing = list_images(root)
    if listing.in_folders:
        return root, listing
    deeper = {root / folder: list_images(root / folder) for folder in listing.empty[:10]}
    homes = [home for home, inner in deeper.items() if inner.in_folders]
    if len(homes) == 1:
        return homes[0], deeper[homes[0]]
    if homes:
        raise CollectionError(
            f"{root} holds several folders of style folders",
            found=", ".join(home.name for home in homes),
            expected="one",
            remedy="Give one of them, or list all paintings in a table.",
        )
    folders = count_of(len(listing.empty), "folder")
    direct = f"{count_of(len(listing.top), 'image')} directly in it" if listing.top else "no image"
    raise CollectionError(
        f"{root} holds no folders of images",
        found=" ".join([f"{direct} and {folders} without images.", *listing.notes()]).rstrip("."),
        expected="one folder a style, as in Baroque/rembrandt_the-night-watch-1642.jpg",
        remedy="Check the path; for a table of paintings give the CSV itself, with --images for "
        "the folder of its pictures.",
    )


def _apply_official(rows: pd.DataFrame, lists: OfficialLists) -> list[str]:
    """Overwrites style, genre and split of the listed paintings; returns notes."""
    matches = match_paths(rows["key"], lists)
    spelled = {class_spelling(name): name for name in lists.styles}
    rows["given_style"] = [unify_class(style, spelled) for style in rows["given_style"]]
    paths = rows["key"].map(matches.pairs)
    is_listed = paths.notna()
    listed = lists.table.reindex(paths).set_index(rows.index)
    notes = [*lists.notes, _describe_matches(matches, lists, len(rows))]
    if moved := rows["key"][is_listed & (rows["given_style"] != listed["given_style"])].tolist():
        notes.append(f"The label files override the folder of {name_some(moved)} paintings.")
    if others := _other_artists(rows["key"], rows["given_artist"], listed["listed_artist"]):
        notes.append(
            f"The artist files and the file name disagree on the artist: {name_some(others)}."
        )
    for column in ("given_style", "given_genre", "split"):
        rows[column] = rows[column].astype("object").mask(is_listed, listed[column])
    return notes


def _describe_matches(matches: NameMatches, lists: OfficialLists, images: int) -> str:
    matched, listed = len(matches.pairs), len(lists.table)
    text = f"Official labels of {lists.folder}: {matched:,} of {images:,} images are listed"
    if matches.repaired:
        text += f", {matches.repaired:,} of them under another spelling"
    if images > matched:
        text += f"; {images - matched:,} keep the label of their folder"
    if listed > matched:
        text += f"; {listed - matched:,} of the {listed:,} listed paintings have no image here"
    return text + "."


def _other_artists(keys: pd.Series, parsed: pd.Series, listed: pd.Series) -> list[str]:
    """Keys whose official artist differs from the file name's."""
    told = pd.Series([artist_from_slug(name) for name in listed.dropna()], dtype="str")
    named = listed.notna()
    others: list[str] = keys[named][parsed[named].to_numpy() != told.to_numpy()].tolist()
    return others


def _apply_kaggle(rows: pd.DataFrame, file: Path) -> list[str]:
    """Overwrites style and split from Kaggle's ``classes.csv``; returns notes.

    Its ``genre`` is a list of styles as Python text, the first of which is the label.
    """
    table = _load_kaggle(file)
    matches = match_names(rows["key"], table.index)
    spelled = {class_spelling(name): name for name in rows["given_style"].unique()}
    styles = table["genre"].map(_first_style)
    unreadable = int(styles.isna().sum())
    styles = styles.map(lambda style: unify_class(style, spelled), na_action="ignore")
    paths = rows["key"].map(matches.pairs)
    given = paths.map(styles)
    moved = rows["key"][given.notna() & (given != rows["given_style"])].tolist()
    rows["given_style"] = given.where(given.notna(), rows["given_style"])
    if "subset" in table:
        rows["split"] = paths.map(table["subset"].map(_KAGGLE_SPLITS.get))
    notes = [
        f"{file.name} lists {len(matches.pairs):,} of {len(rows):,} images"
        f" ({matches.repaired:,} under another spelling); the others keep the label of their"
        " folder. Its subset 'test' is read as the split 'val'."
    ]
    if moved:
        notes.append(f"{file.name} overrides the folder of {name_some(moved)} paintings.")
    if unreadable:
        notes.append(
            f"{file.name}: {count_of(unreadable, 'row')} without a readable list of styles."
        )
    return notes


def _load_kaggle(file: Path) -> pd.DataFrame:
    table = pd.read_csv(file, dtype="str", encoding="utf-8", encoding_errors="replace")
    missing = {"filename", "genre"} - set(table.columns)
    if missing:
        raise CollectionError(
            f"{file} lacks the column {', '.join(sorted(missing))}",
            found=", ".join(map(str, table.columns)),
            expected="Kaggle's classes.csv: filename, artist, genre, description, ..., subset",
            remedy="Restore the file, or remove it to use the folders' labels.",
        )
    table = table.dropna(subset="filename").drop_duplicates("filename")
    return table.set_index("filename")


def _first_style(text: object) -> str | None:
    """``"['Abstract Expressionism', 'Cubism']"`` -> ``"Abstract Expressionism"``."""
    try:
        styles = ast.literal_eval(str(text))
    except (ValueError, SyntaxError):
        return None
    return str(styles[0]) if isinstance(styles, list) and styles else None
