"""WikiArt as folders: ``Style/artist-slug_title-slug-year.jpg``, a folder a style.

The folder's name is the style. Where the official label files or Kaggle's ``classes.csv`` lie in or
beside the folders, they take precedence and add genre and split. The artist is read from the file
name: the official artist files name only 23 artists, and agree. Other levels of folders (splits,
artists, times) are read as ``core.collection.reading.layouts`` says.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.encoding import NameMatches, match_names
from core.collection.reading.files import list_images
from core.collection.reading.layouts import Layout, Meaning
from core.collection.reading.names import artist_from_folder, artist_from_slug
from core.collection.reading.splits import Split, parse_split
from core.collection.reading.tables import load_table
from core.collection.sources.twins import merge_twins
from core.collection.sources.wikiart_folders import (
    StyleFolders,
    account_for,
    ask_about_styles,
    find_named_alike,
    no_folders,
    note_layout,
    read_folders,
)
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
    note_labels,
    require_labels,
)
from core.collection.wording import count_of, name_some
from core.label_word import STYLE, LabelWord
from core.tasks import FURTHER


def open_wikiart(
    root: Path,
    labels: Path | None = None,
    layout: Layout | None = None,
    links_into: Path | None = None,
    leave_out: Sequence[str] = (),
    word: LabelWord = STYLE,
    merge: bool = False,
) -> Collection:
    """Opens the folders below ``root``; ``labels`` is the folder of official label files.

    ``layout`` says what the levels of folders mean where their names do not; ``links_into`` is a
    folder that links may lead into, ``leave_out`` names folders that are no style's. ``merge``: a
    file name in several folders is one painting of several styles (``merge_twins``). Raises
    ``CollectionError`` when no folder holds an image, the layout is not clear, or fewer than two
    styles remain.
    """
    listing = list_images(root, links_into)
    if not listing.in_folders:
        raise no_folders(listing)
    folders = read_folders(listing, layout, leave_out)
    rows, home = _describe(folders), root / folders.home
    account, notes = account_for(listing, folders), listing.notes() + note_layout(folders)
    notes += ask_about_styles(folders)
    if (home / "classes.csv").is_file():
        notes += _apply_kaggle(rows, home / "classes.csv", account)
    lists = labels or find_lists(home)
    if lists is not None:
        notes += _apply_official(rows, load_lists(lists, account), account)
    if merge:
        rows, note = merge_twins(rows, home, account)
        notes.append(note)
    paintings = build_paintings(rows, where=str(root), account=account, word=word)
    require_labels(paintings, where=str(root), word=word)
    notes += note_labels(paintings, word)
    reader = FolderReader(home.resolve(), links_into=links_into and links_into.resolve())
    return Collection(
        root.resolve().name,
        "wikiart",
        str(home.resolve()),
        paintings,
        reader,
        tuple(notes),
        account,
        word=word,
    )


def _describe(folders: StyleFolders) -> pd.DataFrame:
    """Rows of the pictures, by the names of their files and folders."""
    rows, told = describe_paths(folders.images), folders.told
    levels = folders.layout.levels
    styles = {style: canonical_class(style) for style in {each["style"] for each in told}}
    rows["given_style"] = [styles[each["style"]] for each in told]
    alike = pd.Series(find_named_alike(folders))  # such a name tells nothing of its own
    rows["artist"] = rows["given_artist"] = rows["artist"].mask(alike)
    rows["given_genre"] = [each.get("genre") for each in told] if "genre" in levels else None
    rows["split"] = _read_splits(told) if "split" in levels else None
    if "artist" in levels:
        artists = [each.get("artist") for each in told]
        named = [artist and artist_from_folder(artist) for artist in artists]
        rows["artist"] = pd.Series(named, dtype="str").fillna(rows["artist"])
        rows["given_artist"] = rows["artist"]
    names = (key.rpartition("/")[2] for key in folders.images)
    rows["listed_as"] = [f"{each['style']}/{name}" for each, name in zip(told, names, strict=True)]
    return rows


def _read_splits(told: list[dict[Meaning, str]]) -> list[Split | None] | None:
    """Splits by the names of folders; none where nothing was held out, or beside such folders."""
    splits = [parse_split(each.get("split", "")) for each in told]
    return splits if len(set(splits) - {None}) == 2 else None


def _apply_official(rows: pd.DataFrame, lists: OfficialLists, account: Account) -> list[str]:
    """Overwrites style, genre and split of the listed paintings; returns notes."""
    # The lists that the dashboard exports name each key, in whatever layout it lies.
    own = rows["key"].isin(lists.table.index)
    rows["listed_as"] = rows["listed_as"].mask(own, rows["key"])
    matches = match_paths(rows["listed_as"].unique(), lists)
    spelled = {class_spelling(name): name for name in lists.styles}
    rows["given_style"] = [unify_class(style, spelled) for style in rows["given_style"]]
    paths = rows["listed_as"].map(matches.pairs)
    is_listed = paths.notna()
    account.add("label", "read", "", matches.pairs.values())
    absent = lists.table.index.difference(list(matches.pairs.values()))
    account.add("label", "left out", "listed, but there is no picture", absent)
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
    if lists.table[FURTHER].notna().any():
        before = rows[FURTHER] if FURTHER in rows else pd.Series(None, rows.index, dtype="object")
        rows[FURTHER] = before.mask(is_listed, listed[FURTHER])
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


def _apply_kaggle(rows: pd.DataFrame, file: Path, account: Account) -> list[str]:
    """Overwrites style and split from Kaggle's ``classes.csv``; returns notes.

    Its ``genre`` is a list of styles as Python text.
    """
    table, told = _load_kaggle(file, account)
    matches = match_names(rows["listed_as"].unique(), table.index)
    spelled = {class_spelling(name): name for name in rows["given_style"].unique()}
    every = table["genre"].map(_read_styles)
    unreadable = int(every.isna().sum())
    every = every.map(lambda names: [unify_class(n, spelled) for n in names], na_action="ignore")
    styles = every.map(lambda names: names[0], na_action="ignore")
    paths = rows["listed_as"].map(matches.pairs)
    given = paths.map(styles)
    moved = rows["key"][given.notna() & (given != rows["given_style"])].tolist()
    rows["given_style"] = given.where(given.notna(), rows["given_style"])
    others = every.map(lambda names: names[1:] or None, na_action="ignore")
    if others.notna().any():
        rows[FURTHER] = paths.map(others).astype("object")
    if "subset" in table:
        rows["split"] = paths.map(table["subset"].map(parse_split, na_action="ignore"))
    notes = [
        *told,
        f"{file.name} lists {len(matches.pairs):,} of {len(rows):,} images"
        f" ({matches.repaired:,} under another spelling); the others keep the label of their"
        " folder. Its subset 'test' is read as the split 'val'.",
    ]
    if moved:
        notes.append(f"{file.name} overrides the folder of {name_some(moved)} paintings.")
    if unreadable:
        notes.append(
            f"{file.name}: {count_of(unreadable, 'row')} without a readable list of styles."
        )
    return notes


def _load_kaggle(file: Path, account: Account) -> tuple[pd.DataFrame, list[str]]:
    table, notes = load_table(file, account)
    missing = {"filename", "genre"} - set(table.columns)
    if missing:
        raise CollectionError(
            f"{file} lacks the column {', '.join(sorted(missing))}",
            found=", ".join(map(str, table.columns)),
            expected="Kaggle's classes.csv: filename, artist, genre, description, ..., subset",
            remedy="Restore the file, or remove it to use the folders' labels.",
        )
    table = table[table["filename"] != ""].drop_duplicates("filename")
    return table.set_index("filename"), notes


def _read_styles(text: object) -> list[str] | None:
    """``"['Abstract Expressionism', 'Cubism']"`` -> both; None for what is no list of any."""
    try:
        styles = ast.literal_eval(str(text))
    except (ValueError, SyntaxError):
        return None
    if not isinstance(styles, list):
        return None
    return list(dict.fromkeys(map(str, styles))) or None
