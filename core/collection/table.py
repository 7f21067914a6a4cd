"""The one table of paintings that every source produces."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import pandas as pd

from core.collection.account import Account
from core.collection.catalogue import Catalogue
from core.collection.errors import CollectionError
from core.collection.reading.attribution import find_makers
from core.collection.reading.makers import read_makers
from core.collection.reading.spellings import ask_about_near, merge_spellings
from core.collection.reading.vocabulary import Vocabulary
from core.collection.wording import count_of, list_some
from core.label_word import STYLE, LabelWord
from core.tasks import FURTHER, TASKS, Task, given_column
from core.text import show_line

COLUMNS: Final[dict[str, str]] = {
    "key": "str",  # stable across runs: the collection's own path or id
    "image": "str",  # where the source's reader finds the picture
    "title": "str",
    "artist": "str",  # for display: "Hilma af Klint"; null when unknown
    "year": "Int16",  # of completion; null when unknown
    "given_style": "str",
    "given_artist": "str",
    "given_genre": "str",
    "source_url": "str",  # where the picture comes from: a web or a bucket's address; or null
    "rights": "str",  # to the picture, as the source says; null where it says nothing
    "split": "str",  # the official split of the style task: "train", "val" or null
}


_ARTISTS: Final = ("artist", "given_artist")
_LABELS: Final[dict[Task, tuple[str, ...]]] = {
    "style": ("given_style",),
    "artist": _ARTISTS,
    "genre": ("given_genre",),
}


class ImageReader(Protocol):
    """Reads one picture's bytes. Picklable, so that worker processes can hold one."""

    def read(self, image: str) -> bytes:
        """Bytes of the file at ``image``; raises ``OSError`` when it cannot be read."""

    def stamp(self, image: str) -> str:
        """A cheap stamp that changes when the bytes do (such as size and modification time)."""


@dataclass(frozen=True)
class FolderReader:
    """Pictures are files below ``root``, or links from there into ``links_into``.

    Refuses a location outside both.
    """

    root: Path
    links_into: Path | None = field(default=None, kw_only=True)

    def read(self, image: str) -> bytes:
        return self._path(image).read_bytes()

    def stamp(self, image: str) -> str:
        stat = self._path(image).stat()
        return f"{stat.st_size}-{stat.st_mtime_ns}"

    def _path(self, image: str) -> Path:
        path = (self.root / image).resolve()
        homes = (self.root, self.links_into) if self.links_into else (self.root,)
        if not any(path.is_relative_to(home.resolve()) for home in homes):
            raise PermissionError(f"{image} lies outside {self.root}")
        return path


@dataclass(frozen=True)
class Collection:
    """Paintings of one source, with the reader that finds their pictures.

    ``paintings`` has the columns of ``COLUMNS``, one row a painting, sorted by key, index 0..N-1.
    ``identity`` names the place (not the content), so that a growing collection keeps its image
    store. ``notes`` are sentences for the user: labels repaired, what can't be judged. ``account``
    says what became of every row, file, folder and column of the source. ``catalogue``: the table
    that corrections go back to, if it came from one. ``word``: what the labels that are checked are
    called. ``of_artists``: they are the artists, who are then no evidence on themselves.
    ``vocabulary``: whose terms the labels are.
    """

    name: str
    source: str
    identity: str
    paintings: pd.DataFrame
    reader: ImageReader
    notes: tuple[str, ...] = field(default=())
    account: Account = field(default_factory=Account)
    catalogue: Catalogue | None = None
    word: LabelWord = STYLE
    of_artists: bool = False
    vocabulary: Vocabulary | None = None

    def __len__(self) -> int:
        return len(self.paintings)


def build_paintings(
    rows: pd.DataFrame, *, where: str, account: Account | None = None, word: LabelWord = STYLE
) -> pd.DataFrame:
    """Complete, typed and sorted table of paintings from whatever columns a source has.

    Missing columns become null; empty strings become null; texts become one line, without
    characters that cannot be shown (``core.text.UNSHOWN``). Artists become names as they are spoken
    (``core.collection.reading.makers``), labels that differ in form alone become one
    (``core.collection.reading.spellings``): what was changed is in ``account``. Works that are not
    given to a person without reserve keep the printed ``artist`` and have no ``given_artist``.
    Where works have several styles the column ``FURTHER`` holds the others, tuples or null.
    ``word``: what the styles are called; where that is the name of another task, they are the only
    labels of that name. Raises ``CollectionError`` when there is no row, a key is missing, or two
    rows share a key.
    """
    account = Account() if account is None else account
    if rows.empty:
        raise CollectionError(
            f"{where} holds no painting",
            expected="at least one image with a label",
            remedy="Check the path, or name the source with --source.",
        )
    makers = _read_artists(rows, account)
    table = pd.DataFrame(index=range(len(rows)))
    for column, dtype in COLUMNS.items():
        values = rows[column].to_numpy() if column in rows else None
        table[column] = pd.Series(values, index=table.index, dtype=dtype)
        if dtype == "str":
            text = table[column].str.strip()
            if column in _ARTISTS:  # whose lines are several makers
                text = text.map(makers, na_action="ignore").astype("str")
            if column not in {"key", "image"}:  # which must find their files
                text = text.map(lambda each: show_line(each, len(each) + 1), na_action="ignore")
            table[column] = text.mask(text == "")
    _refuse_bad_keys(table["key"], where)
    further = _read_further(rows)
    for task, columns in _LABELS.items():
        said = [table[column] for column in columns]
        if task == "style" and further is not None:
            said[0] = pd.concat([said[0], further.explode()]).astype("str")
        spelled = merge_spellings(said, word.name(task), account)
        if task == "style" and further is not None:
            table[FURTHER] = _spell_further(further, spelled, table["given_style"])
        for column in columns:
            table[column] = table[column].map(spelled, na_action="ignore").astype("str")
    table["given_artist"] = find_makers(table["given_artist"])
    for task in TASKS:
        if task == word.singular != "style":  # the labels to check are the genres, for instance
            table[given_column(task)] = pd.Series(None, index=table.index, dtype="str")
    return table.sort_values("key", ignore_index=True)


def _read_further(rows: pd.DataFrame) -> pd.Series | None:
    """Each work's styles after the first, lines of text; None where no work has any."""
    if FURTHER not in rows:
        return None
    texts = rows[FURTHER].reset_index(drop=True).astype("object")
    return texts.map(lambda each: [show_line(e, len(e) + 1) for e in each], na_action="ignore")


def _spell_further(further: pd.Series, spelled: dict[str, str], first: pd.Series) -> pd.Series:
    """As the collection spells them, without the ``first`` again; null where none is left."""
    found = [
        tuple(dict.fromkeys(name for each in several if (name := spelled[each]) != spelled[one]))
        if isinstance(several, list)
        else ()
        for several, one in zip(further, first, strict=True)
    ]
    return pd.Series([several or None for several in found], index=further.index, dtype="object")


def count_labels(paintings: pd.DataFrame, task: Task) -> pd.Series:
    """How many of ``paintings`` have each label of ``task``; one with several counts under each."""
    counts = paintings[given_column(task)].value_counts()
    if task == "style" and FURTHER in paintings:
        further = paintings[FURTHER].explode().dropna().value_counts()
        counts = counts.add(further, fill_value=0).astype(int)
    return counts


def require_labels(paintings: pd.DataFrame, *, where: str, word: LabelWord = STYLE) -> None:
    """Raises ``CollectionError`` unless two styles, called ``word``, have two paintings each.

    A style of one painting cannot be judged out of fold: no other painting is left to learn it
    from. Such labels stay in the table (see ``note_labels``); the trainer masks them.
    """
    counts = count_labels(paintings, "style")
    if int((counts >= 2).sum()) >= 2:
        return
    lone = sorted(counts.index[counts == 1])
    if not lone:
        labelled = {
            word.name(task): int(paintings[given_column(task)].notna().sum()) for task in TASKS
        }
        raise CollectionError(
            f"{where} names {word.count(len(counts))}",
            found=f"{count_of(len(paintings), 'painting')}, labelled: {labelled}",
            expected=f"at least two {word.plural} to tell apart",
            remedy=f"Put the paintings in one folder a {word.singular}, or say which column holds "
            f"the {word.singular} with --label-column.",
        )
    raise CollectionError(
        f"{where} has {word.count(len(counts) - len(lone))} with two paintings or more",
        found=f"{word.count(len(lone))} with one painting: {list_some(lone)}",
        expected=f"at least two {word.plural} with two paintings each",
        remedy=f"Add works, merge the small {word.plural}, or drop them.",
    )


def note_labels(paintings: pd.DataFrame, word: LabelWord = STYLE) -> list[str]:
    """Notes on labels that cannot be learned, and questions on those that may be one.

    Styles and genres of one painting are named, as no fold can learn them; artists are not: many
    have a single work. Labels of every task that differ by one letter are asked about.
    """
    notes = []
    for task in TASKS:
        counts = count_labels(paintings, task)
        lone = sorted(counts.index[counts == 1])
        if lone and task != "artist":
            notes.append(
                f"{word.count(len(lone), task)} with one painting cannot be learned out of fold "
                f"and {'is' if len(lone) == 1 else 'are'} not judged: {list_some(lone)}."
            )
    for labelled, columns in _LABELS.items():
        notes += ask_about_near(paintings[columns[0]], word.name(labelled))
    return notes


def _read_artists(rows: pd.DataFrame, account: Account) -> dict[str, str]:
    """How each artist in ``rows`` is called."""
    columns = [rows[column] for column in _ARTISTS if column in rows]
    return read_makers(
        dict.fromkeys(name.strip() for column in columns for name in _texts(column)), account
    )


def _texts(column: pd.Series) -> list[str]:
    return [value for value in column.dropna().unique().tolist() if isinstance(value, str)]


def _refuse_bad_keys(keys: pd.Series, where: str) -> None:
    if keys.isna().any():
        raise CollectionError(
            f"{where} has {count_of(int(keys.isna().sum()), 'row')} without a key",
            expected="a key for every painting",
            remedy="Say which column identifies a painting with --key-column.",
        )
    doubled = sorted(set(keys[keys.duplicated()]))
    if doubled:
        raise CollectionError(
            f"{where} has {count_of(len(doubled), 'key')} in more than one row",
            found=list_some(doubled, most=3),
            expected="one row a key",
            remedy="Remove the repeated rows, or choose another --key-column.",
        )
