"""What a collection is and what is still open about it, without a picture decoded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.open import (
    SourceOptions,
    load_options_table,
    load_options_terms,
    meet_vocabulary,
    open_collection,
    recognise_source,
)
from core.collection.reading.files import list_images
from core.collection.reading.headers import name_rows
from core.collection.reading.located import ImageFolder
from core.collection.reading.roles import ROLES, Question, flag_of, name_flag
from core.collection.reading.rows import read_rows
from core.collection.reading.terms import Terms
from core.collection.sources.museum import read_museum
from core.collection.sources.museum_table import MuseumTable
from core.collection.sources.wikiart_labels import holds_lists, paintings_from_lists
from core.collection.table import ImageReader, require_labels
from core.collection.wording import count_of
from core.label_word import STYLE, LabelWord
from core.text import show_line

SAMPLES: Final = 3
MOST_CLASSES: Final = 200  # of a column that may hold labels
OFFERED: Final = 8
_PICTURE: Final = ("file", "address")  # one line of the table: the file, else the address


@dataclass(frozen=True)
class Part:
    """A role: the ``column`` that plays it ("" for none), how many rows of it are filled, different
    values from it, and other columns that may play it.
    """

    role: str
    column: str
    filled: int
    samples: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def word(self) -> str:
        """What a curator calls the role."""
        return ROLES[self.role].word


@dataclass(frozen=True)
class Answer:
    """What answers a question: ``flags`` of the command line, and what they would bring.

    ``column``: which they name for the role; "" for flags that bring it otherwise.
    """

    flags: str
    column: str = ""
    filled: int | None = None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenQuestion:
    """A question with the answers that are known, the likeliest first."""

    role: str
    text: str
    answers: tuple[Answer, ...]

    @property
    def flag(self) -> str:
        """What answers it with any other column."""
        return f"{name_flag(self.role)} COLUMN"


@dataclass(frozen=True)
class Examination:
    """A collection as it stands. ``rows`` and ``parts`` are a table's; 0 and () for another source.

    ``recognised``: whose table it is. ``hindrance``: why nothing can be trained on it yet, which no
    flag changes. ``paintings``: what would be trained on; None where a question or a hindrance is
    in the way. ``reader`` finds their pictures. ``word``: what the labels are called.
    """

    name: str
    source: str
    rows: int = 0
    columns: int = 0
    recognised: str = ""
    parts: tuple[Part, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    hindrance: CollectionError | None = None
    notes: tuple[str, ...] = ()
    account: Account = field(default_factory=Account)
    paintings: pd.DataFrame | None = None
    reader: ImageReader | None = None
    table: MuseumTable | None = None
    word: LabelWord = STYLE

    def require_table(self) -> MuseumTable:
        """The table; raises ``CollectionError`` for a collection of another form."""
        if self.table is not None:
            return self.table
        raise CollectionError(
            f"{self.name} has no columns to save a mapping of",
            found=f"a collection of the form '{self.source}'",
            remedy="Leave --save-mapping out.",
        )

    def require_paintings(self) -> pd.DataFrame:
        """The paintings to be trained on.

        Raises ``CollectionError`` with all open questions, or the hindrance.
        """
        if self.questions:
            firsts = [
                each.answers[0].flags if each.answers else each.flag for each in self.questions
            ]
            raise CollectionError(
                f"{self.name} leaves {count_of(len(self.questions), 'question')} open",
                remedy=f"Answer above, for instance with {' '.join(firsts)}",
            )
        if self.hindrance is not None:
            raise self.hindrance
        if self.paintings is None:
            raise CollectionError(f"{self.name} holds no painting")
        return self.paintings


def examine(options: SourceOptions) -> Examination:
    """Looks at the collection that ``options`` describe; pictures are found, not read.

    Raises ``CollectionError`` where there is nothing to look at: no such file, no table.
    """
    folder = Path(options.data)
    is_folder = options.source == "auto" and folder.is_dir()
    if is_folder and holds_lists(folder) and not list_images(folder).in_folders:
        name = f"{folder.resolve().name} (a listing, no pictures)"
        return Examination(name, "wikiart", paintings=paintings_from_lists(folder))
    source = recognise_source(options.data) if options.source == "auto" else options.source
    if source == "table":
        terms = load_options_terms(options)
        return examine_table(load_options_table(options), options.image_folder(), terms=terms)
    collection = open_collection(options)
    return Examination(
        collection.name,
        collection.source,
        notes=collection.notes,
        account=collection.account,
        paintings=collection.paintings,
        reader=collection.reader,
        word=collection.word,
    )


def examine_table(
    museum: MuseumTable,
    images: ImageFolder | None = None,
    *,
    finds_pictures: bool = True,
    terms: Terms | None = None,
) -> Examination:
    """Looks at a museum's table, its pictures where ``images`` says.

    Without ``finds_pictures`` nobody looks whether the files that it names are there. ``terms``:
    the vocabulary of its labels.
    """
    root = (images.root if images is not None else None) or museum.file.parent
    told = Examination(
        name=museum.file.name,
        source="table",
        rows=len(museum.rows),
        columns=museum.rows.shape[1],
        recognised=museum.mapping.name if museum.mapping is not None else "",
        parts=tuple(_describe_parts(museum)),
        questions=tuple(_ask(museum, question) for question in museum.columns.questions),
        hindrance=museum.find_hindrance(root),
        notes=museum.notes,
        account=Account(list(museum.account.entries)),
        table=museum,
        word=museum.word,
    )
    if told.questions:
        return _leave_unread(told, "waiting for an answer")
    if told.hindrance is not None:
        return _examine_unpictured(museum, told, "its picture is not on this machine")
    if not finds_pictures:
        return _examine_unpictured(museum, told, "its picture is not looked for here")
    try:
        collection = read_museum(museum, images)
        if terms is not None:
            collection = meet_vocabulary(collection, terms)
    except CollectionError as error:
        return replace(_leave_unread(told, "nothing was made of them"), hindrance=error)
    return replace(
        told,
        notes=collection.notes,
        account=collection.account,
        paintings=collection.paintings,
        reader=collection.reader,
    )


def _examine_unpictured(museum: MuseumTable, told: Examination, reason: str) -> Examination:
    """Reads all but the pictures of a table, whose rows are left out for ``reason``."""
    chosen = museum.columns.chosen
    column = (
        chosen.get("file") or chosen.get("address") or chosen.get("key") or museum.rows.columns[0]
    )
    waiting = _leave_unread(told, reason)
    columns = {**chosen, "file": column}
    rows, said = read_rows(museum.rows, columns, waiting.account, museum.word, museum.separator)
    try:
        require_labels(
            rows.assign(given_artist=None, given_genre=None),
            where=museum.file.name,
            word=museum.word,
        )
    except CollectionError as error:
        said = [*said, str(error)]
    return replace(waiting, notes=(*museum.notes, *said))


def _leave_unread(told: Examination, reason: str) -> Examination:
    """With the rows, which are not read for ``reason``, in the account as it was before them."""
    rows = told.require_table().rows
    account = Account(list(told.account.entries))
    account.add("row", "left out", reason, name_rows(rows.index))
    return replace(told, account=account)


def _describe_parts(museum: MuseumTable) -> Iterable[Part]:
    chosen, others = museum.columns.chosen, museum.columns.others
    picture = "file" if "file" in chosen or "address" not in chosen else "address"
    for role in ROLES:
        column = chosen.get(role, "")
        if role in _PICTURE and role != picture:
            continue
        if not column and role in ("split", "year_from", "year_to"):
            continue
        offered = tuple(n for n in others[role] if museum.count_filled(n))
        samples = _sample(museum.rows[column]) if column else ()
        yield Part(role, column, museum.count_filled(column) if column else 0, samples, offered)


def _ask(museum: MuseumTable, question: Question) -> OpenQuestion:
    """The question with what each column holds, empty ones left out where others are not."""
    columns = [*question.found]
    if question.role == "style" and not museum.columns.others["style"]:
        columns = _list_classes(museum)
    filled = [name for name in columns if museum.count_filled(name)] or columns
    answers = [
        Answer(
            flag_of(question.role, name),
            name,
            museum.count_filled(name),
            _sample(museum.rows[name]),
        )
        for name in filled[:OFFERED]
    ]
    advised = [Answer(flags) for flags in question.answers if not _names_column(flags)]
    return OpenQuestion(
        question.role,
        f"{museum.file.name} {question.what}. Which is it?",
        (*advised, *answers),
    )


def _names_column(flags: str) -> bool:
    return flags.split(" ", 1)[0].endswith("-column")


def _list_classes(museum: MuseumTable) -> list[str]:
    """Columns whose values repeat as labels do, the fullest first."""
    free = [str(name) for name in museum.rows if name not in museum.columns.chosen.values()]
    counts = {name: museum.count_filled(name) for name in free}
    return sorted(
        (
            name
            for name in free
            if counts[name] >= 2
            and 2 <= museum.rows[name].nunique() <= min(MOST_CLASSES, counts[name] // 2 + 1)
        ),
        key=lambda name: -counts[name],
    )


def _sample(values: pd.Series) -> tuple[str, ...]:
    """The first different values as lines."""
    texts = values.astype("str").str.strip()
    first = texts[texts != ""].drop_duplicates().head(SAMPLES)
    return tuple(show_line(text, 60) for text in first)


def count_rows(examination: Examination) -> str:
    """``"5,000 rows, 54 columns"``."""
    return f"{count_of(examination.rows, 'row')}, {count_of(examination.columns, 'column')}"
