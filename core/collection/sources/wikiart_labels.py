"""The official WikiArt label files: style, artist and genre of 81,446 paintings.

The files are ``{style,artist,genre}_{train,val}.csv`` with header-less rows ``path,class`` and
``{style,artist,genre}_class.txt`` with lines ``N name``. Copies with a header line and ``,,``
before the class read the same, as do those that a spreadsheet saved: with other separators, and
with quoted paths, which may hold line breaks. The style files list every painting, the genre files
64,994, the artist files the works of 23 artists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.decoding import decode_table
from core.collection.reading.encoding import NameMatches, match_names
from core.collection.reading.names import parse_file_name
from core.collection.table import build_paintings
from core.collection.wording import count_of
from core.tasks import FURTHER, TASKS, Task

# Usual places of the label files, relative to the folder of styles.
_PLACES: Final = (".", "labels", "wikiart_csv", "wikiart-labels")
_ALIASES: Final = {"art_nouveau": "Art_Nouveau_Modern"}  # class 3 has another name than its folder
_BREAK: Final = r"(?:\r\n|\r|\n|\Z)"
_LABEL: Final = rf"[^\S\r\n]*[,;\t][,; \t]*(?P<label>\d+)[^\S\r\n]*{_BREAK}"
_QUOTED_ROW: Final = re.compile(rf'[^\S\r\n]*"(?P<path>(?:[^"]|"")+)"{_LABEL}')
_ROW: Final = re.compile(rf"[^\S\r\n]*(?P<path>[^\r\n]+?){_LABEL}")
_LINE: Final = re.compile(rf"[^\r\n]*{_BREAK}")
_CLASS: Final = re.compile(r"^\s*(?P<number>\d+)(?:[,:]\s*|\s+)(?P<name>\S.*?)\s*$")
_READ_SPLITS: Final = ("train", "val")


@dataclass(frozen=True)
class OfficialLists:
    """The label files of one folder.

    ``table`` has one row a listed painting, indexed by ``path`` as the lists spell it, with
    ``given_style``, ``given_genre``, ``listed_artist`` (null outside the 23) and ``split``.
    ``styles`` are the class names in the order of their numbers. ``notes`` are for the user.
    """

    folder: Path
    table: pd.DataFrame
    styles: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Told:
    """What is said of the label files while they are read."""

    notes: list[str]
    account: Account
    texts: dict[Path, str] = field(default_factory=dict)  # a file is read once

    def add(self, note: str) -> None:
        """A note, once."""
        if note not in self.notes:
            self.notes.append(note)

    def read(self, file: Path) -> str:
        """The text of ``file``, in the encoding of whichever office program saved it."""
        if file not in self.texts:
            self.texts[file] = self._decode(file)
        return self.texts[file]

    def _decode(self, file: Path) -> str:
        own = Account()
        text, notes = decode_table(file.read_bytes(), file.name, own)
        for note in notes:
            # There is no flag for it, and file names are matched in any encoding.
            self.add(re.sub(r": if names look wrong, .*", ".", note))
        for entry in own.entries:
            names = (f"{file.name} {name}" for name in entry.names)
            self.account.add("label", entry.fate, entry.reason, names)
        return text


def holds_lists(folder: Path) -> bool:
    """Whether the label files lie in ``folder``, or in its subfolders, as downloaded."""
    return _find_file(folder, "style_train.csv") is not None


def find_lists(root: Path) -> Path | None:
    """Folder of label files in, or beside, a folder of styles; ``None`` when there is none."""
    for base in (root, root.parent):
        for place in _PLACES:
            if _find_file(base / place, "style_train.csv") and (base, place) != (root.parent, "."):
                return base / place
    return None


def load_lists(folder: Path, account: Account | None = None) -> OfficialLists:
    """Reads every label file of ``folder`` (or of its subfolders, as in ``Style/style_val.csv``).

    Lines that were read in another encoding than the rest are in ``account``. Raises
    ``CollectionError`` when the style files are absent, a class list is missing, a line is not
    ``path,class`` or a class has no name.
    """
    told = _Told([], Account() if account is None else account)
    labels: dict[Task, pd.DataFrame] = {}
    for task in TASKS:
        labels[task] = _load_task(folder, task, told)
    if labels["style"].empty:
        raise CollectionError(
            f"{folder} holds no official style labels",
            found=_describe_folder(folder),
            expected="style_train.csv, style_val.csv and style_class.txt",
            remedy="Give --labels the folder of the label files, or omit it.",
        )
    table = labels["style"].rename(columns={"label": "given_style"})
    if FURTHER not in table:
        table[FURTHER] = pd.Series(None, index=table.index, dtype="object")
    columns: tuple[tuple[Task, str], ...] = (("genre", "given_genre"), ("artist", "listed_artist"))
    for task, column in columns:
        other = labels[task]["label"]
        if unknown := int((~other.index.isin(table.index)).sum()):
            told.add(f"{count_of(unknown, 'painting')} of the {task} files: in no style file.")
        table[column] = other.reindex(table.index)
    styles = tuple(_load_classes(folder, "style", told).values())
    return OfficialLists(folder, table, styles, tuple(told.notes))


def paintings_from_lists(labels: Path) -> pd.DataFrame:
    """All listed paintings as a table without pictures, for dry runs and benchmarks.

    The official files give 81,446 rows; columns as in ``core.collection.table.COLUMNS``.
    """
    lists = load_lists(labels)
    rows = describe_paths(lists.table.index)
    for column in ("given_style", "given_genre", "split"):
        rows[column] = lists.table[column].to_numpy()
    return build_paintings(rows, where=str(labels))


def describe_paths(paths: Iterable[str]) -> pd.DataFrame:
    """Key, image, artist, title and year from the paths ``Style/artist_title-year.jpg``."""
    listed = list(paths)
    told = [parse_file_name(path.rpartition("/")[2]) for path in listed]
    return pd.DataFrame(
        {
            "key": listed,
            "image": listed,
            "artist": [name.artist for name in told],
            "given_artist": [name.artist for name in told],
            "title": [name.title for name in told],
            "year": pd.array([name.year for name in told], dtype="Int16"),
        }
    )


def canonical_class(name: str) -> str:
    """Class name as used throughout: words joined by ``_``, ``Art_Nouveau`` under its folder's
    name ``Art_Nouveau_Modern``.

    >>> canonical_class("Art Nouveau"), canonical_class("Ukiyo_e")
    ('Art_Nouveau_Modern', 'Ukiyo_e')
    """
    joined = re.sub(r"[\s_]+", "_", name.strip())
    return _ALIASES.get(joined.casefold(), joined)


def unify_class(name: str, known: dict[str, str]) -> str:
    """``name`` spelled as in ``known`` (``class_spelling`` -> class) or, unknown, canonically."""
    return known.get(class_spelling(name), canonical_class(name))


def class_spelling(name: str) -> str:
    """Letters and digits of a class name, to compare spellings by: ``"ukiyoe"``."""
    return "".join(letter for letter in canonical_class(name).casefold() if letter.isalnum())


def match_paths(found: Iterable[str], lists: OfficialLists) -> NameMatches:
    """Pairs paths on disk with listed ones, whatever encoding or spelling of ``Art_Nouveau``."""
    return match_names(found, lists.table.index, prepare=_canonical_path)


def _canonical_path(path: str) -> str:
    folder, slash, name = path.partition("/")
    return f"{canonical_class(folder)}{slash}{name}"


def _load_task(folder: Path, task: Task, told: _Told) -> pd.DataFrame:
    """Rows of a task's files, indexed by path, with columns ``label`` and ``split``."""
    files = {split: _find_file(folder, f"{task}_{split}.csv") for split in _READ_SPLITS}
    parts = [_load_rows(file, split, told) for split, file in files.items() if file]
    if not parts:
        return pd.DataFrame({"label": [], "split": []}, index=pd.Index([], name="path"))
    rows = pd.concat(parts, ignore_index=True)
    classes = _load_classes(folder, task, told)
    unnamed = sorted(set(rows["label"]) - set(classes))
    if unnamed:
        raise CollectionError(
            f"{task}_class.txt in {folder} has no name for {unnamed[:5]}",
            expected="a line 'N name' for every class number",
            remedy=f"Take {task}_class.txt from the same download as the CSVs.",
        )
    rows["label"] = rows["label"].map(classes).astype("str")
    pairs = rows.drop_duplicates(["path", "label"])
    further = pairs[pairs["path"].duplicated()].groupby("path")["label"].agg(list)
    if task == "style" and len(further):
        rows[FURTHER] = rows["path"].map(further).astype("object")
        told.add(f"The style files list {count_of(len(further), 'painting')} under several styles.")
        rows = rows[~rows["path"].isin(further.index) | ~rows["path"].duplicated()]
    doubled = int(rows["path"].duplicated().sum())
    if doubled:
        told.add(
            f"The {task} files list {count_of(doubled, 'painting')} twice; the first row is used."
        )
    return rows.drop_duplicates("path").set_index("path")


def _load_rows(file: Path, split: str, told: _Told) -> pd.DataFrame:
    text = told.read(file)
    rows: list[tuple[str, int]] = []
    at, number = 0, 1
    while at < len(text):
        row = _QUOTED_ROW.match(text, at) or _ROW.match(text, at)
        taken = (row or cast(re.Match[str], _LINE.match(text, at)))[0]
        if row:
            rows.append((_read_path(row), int(row["label"])))
        elif taken.strip(" ,;\t\r\n") and number > 1:  # the first line may be a header
            raise CollectionError(
                f"Line {number} of {file} is not a label",
                found=repr(taken[:80]),
                expected="'Style/file.jpg,class number'",
                remedy="Correct the line, or export the labels anew: a path with a line break "
                "needs quotation marks.",
            )
        at += len(taken)
        number += len(re.findall(r"\r\n|\r|\n", taken))
    table = pd.DataFrame(rows, columns=["path", "label"])
    table["split"] = split
    return table


def _read_path(row: re.Match[str]) -> str:
    path = row["path"]
    if row.re is _QUOTED_ROW:
        return path.replace('""', '"')
    return path[1:-1] if path[0] == path[-1] == '"' and len(path) > 2 else path


def _load_classes(folder: Path, task: Task, told: _Told) -> dict[int, str]:
    file = _find_file(folder, f"{task}_class.txt")
    if file is None:
        raise CollectionError(
            f"{folder} has {task} labels but no {task}_class.txt",
            expected="lines 'N name' that name the classes",
            remedy="Put the class list beside the CSVs.",
        )
    text = told.read(file)
    matches = [_CLASS.match(line) for line in re.split("[\r\n]+", text)]
    return {int(match["number"]): canonical_class(match["name"]) for match in matches if match}


def _find_file(folder: Path, name: str) -> Path | None:
    if (folder / name).is_file():
        return folder / name
    if not folder.is_dir():
        return None
    # The original download keeps one subfolder a task: Style/style_train.csv.
    nested = (folder / task / name for task in ("Style", "Artist", "Genre"))
    return next((file for file in nested if file.is_file()), None)


def _describe_folder(folder: Path) -> str:
    if not folder.is_dir():
        return "no such folder"
    names = sorted(path.name for path in folder.iterdir())
    return (
        ", ".join(names[:6]) + (", ..." if len(names) > 6 else "") if names else "an empty folder"
    )
