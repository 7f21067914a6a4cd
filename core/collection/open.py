"""Opens a user's data as a collection of paintings; its form is recognised, or named explicitly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final, Literal

import tyro

from core.collection.errors import CollectionError
from core.collection.reading.files import list_images
from core.collection.reading.joins import pair_joins
from core.collection.reading.layouts import parse_layout
from core.collection.reading.located import ImageFolder
from core.collection.reading.parquet_tables import names_files
from core.collection.reading.roles import ROLES
from core.collection.reading.tables import TABLE_SUFFIXES, recognise_table
from core.collection.reading.terms import Terms, read_vocabulary
from core.collection.reading.variants import meet_terms
from core.collection.sources.best_artworks import is_best_artworks, open_best_artworks
from core.collection.sources.demo import WORKS, open_demo
from core.collection.sources.hub import ROLES as HUB_ROLES
from core.collection.sources.hub import holds_images, open_hub, open_hub_id
from core.collection.sources.museum import read_museum
from core.collection.sources.museum_table import MuseumTable, load_museum_table
from core.collection.sources.wikiart import open_wikiart
from core.collection.table import COLUMNS, Collection, note_labels, require_labels
from core.label_word import MOST, STYLE, LabelWord, name_labels, word_of_column

Source = Literal["auto", "wikiart", "hub", "best-artworks", "table", "demo"]

_HUB_ID: Final = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
# File names of a table that lists the pictures of its folder.
_TABLE_NAMES: Final = ("paintings", "metadata")

_OF_LABELS: Final = ("label_column", "label_word", "label_words")
_OF_TABLES: Final = ("sheet", "encoding", "mapping", "join", "on", "join_where", "label_separator")
_PLACES: Final = (
    *("labels", "images", "layout", "leave_out", "links_into", "strip_prefix", "merge_twins"),
)
_USED: Final[dict[str, frozenset[str]]] = {
    "wikiart": frozenset(
        {"labels", "layout", "leave_out", "links_into", "merge_twins", *_OF_LABELS}
    ),
    "best-artworks": frozenset({"links_into"}),
    "table": frozenset(
        {
            "images",
            "links_into",
            "strip_prefix",
            *_OF_TABLES,
            *_OF_LABELS,
            *(f"{role}_column" for role in ROLES),
        }
    ),
    "hub": frozenset({*(f"{role}_column" for role in (*HUB_ROLES, "file")), *_OF_LABELS}),
}


@dataclass(frozen=True)
class SourceOptions:
    """Where the paintings are and how to read them."""

    data: tyro.conf.Positional[str]
    """Folder, table (CSV, TSV, Excel, OpenDocument, parquet), dataset of the Hub (huggan/wikiart),
    or "demo"."""
    source: Source = "auto"
    """Form of the data; "auto" recognises it."""
    labels: Path | None = None
    """Folder of the official WikiArt label files; by default sought in and beside the data."""
    images: Path | None = None
    """Root of the file paths of a table; by default the table's folder."""
    sheet: str | None = None
    """Sheet of a spreadsheet; by default the one whose columns are known."""
    encoding: str | None = None
    """Encoding of a table of text, such as cp1250; by default found out."""
    layout: str | None = None
    """What the folders in folders are: style/artist, split/style, '*/style', style/** (read all
    that lies below a style); by default found out from their names."""
    leave_out: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Folder whose pictures are left out, as it is no style: tmp. Repeat it for several."""
    merge_twins: bool = False
    """Read a WikiArt work whose file name stands in two folders as one painting of two styles."""
    links_into: Path | None = None
    """Folder that links among the pictures may lead into; others are not followed."""
    strip_prefix: str | None = None
    """What the file paths of a table begin with on the machine they come from: 'D:\\Scans'."""
    key_column: str | None = None
    """Column that identifies a painting; by default the file's path."""
    file_column: str | None = None
    """Column with the path of the picture."""
    address_column: Annotated[str | None, tyro.conf.arg(aliases=["--image-column"])] = None
    """Column with the picture's address: http, https, IIIF, s3, gs, hf."""
    title_column: str | None = None
    """Column with the title."""
    artist_column: str | None = None
    """Column with the artist."""
    year_column: str | None = None
    """Column with the year, or with a text that contains it: c. 1906."""
    year_from_column: str | None = None
    """Column with the earliest year."""
    year_to_column: str | None = None
    """Column with the latest year."""
    style_column: str | None = None
    """Column with the style."""
    label_column: str | None = None
    """Column with the labels to check, whatever they are: school, movement, department. Its name
    stands on every screen in place of style."""
    label_word: str | None = None
    """What the labels are called, in place of the name of --label-column: school."""
    label_words: str | None = None
    """Its plural; by default as English builds it: schools."""
    vocabulary: str | None = None
    """Terms that the labels are of: a table (term, preferred term, broader, URI), a SKOS file
    (.ttl, .nt), or wikiart, which comes with the project. Variants are read as their preferred
    term; a broader or narrower term of a label is no error."""
    vocabulary_language: str | None = None
    """Language of the preferred terms of a SKOS file: de; by default the commonest one there."""
    label_separator: str | None = None
    """What parts several labels of one work in a table, beside ; | and lines: ','."""
    genre_column: str | None = None
    """Column with the genre."""
    rights_column: str | None = None
    """Column with the rights to the picture."""
    split_column: str | None = None
    """Column with train or val."""
    mapping: Path | None = None
    """TOML file that says which column of a table plays which role (--save-mapping writes one).
    Flags override it."""
    join: Annotated[tuple[Path, ...], tyro.conf.UseAppendAction] = ()
    """Second table whose columns a table gets, such as labels. Repeat it for several."""
    on: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Column that both tables have, or two names: objectid=tmsid. One for each --join, or one for
    all."""
    join_where: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Which rows of joined tables count: termtype=Style."""
    demo_root: Path = Path("artifacts/demo")
    """Folder of the demo collection."""
    demo_works: int = WORKS
    """Number of paintings of the demo, 30 or more."""

    def columns(self) -> dict[str, str]:
        """Roles whose column was named: ``{"style": "Movement"}``."""
        flags = {role: getattr(self, f"{role}_column") for role in ROLES}
        if self.label_column is not None:
            if self.style_column is not None:
                raise CollectionError(
                    "--style-column and --label-column name two columns for one label",
                    found=f"{self.style_column} and {self.label_column}",
                    remedy="Keep --label-column to call the labels by the column's name, or "
                    "--style-column to call them styles.",
                )
            flags["style"] = self.label_column
        return {role: column for role, column in flags.items() if column is not None}

    def word(self) -> LabelWord | None:
        """What the labels are called, as far as flags say.

        Raises ``CollectionError`` for what is no word.
        """
        if self.label_word is None and self.label_column is None:
            if self.label_words is not None:
                raise CollectionError(
                    "--label-words says nothing without --label-word or --label-column",
                    found=self.label_words,
                    remedy="Give the singular with --label-word.",
                )
            return None
        singular = self.label_word or word_of_column(str(self.label_column))
        try:
            return name_labels(singular, self.label_words)
        except ValueError as error:
            raise CollectionError(
                "The labels cannot be called so",
                found=" and ".join(filter(None, (singular, self.label_words))) or "no letter",
                expected=f"a word of at most {MOST} letters, blanks and hyphens",
                remedy="Say what a curator calls them: --label-word school --label-words schools.",
            ) from error

    def image_folder(self) -> ImageFolder:
        """Where the pictures of a table lie."""
        return ImageFolder(self.images, self.links_into, self.strip_prefix)


def open_collection(options: SourceOptions, museum: MuseumTable | None = None) -> Collection:
    """Opens the collection that ``options`` describe; reads labels, no pictures.

    ``museum``: its table, where ``load_options_table`` has read it already. Raises
    ``CollectionError``, with what was found and what was expected, when it cannot.
    """
    terms = load_options_terms(options)
    collection = _open_any(options, museum)
    return collection if terms is None else meet_vocabulary(collection, terms)


def load_options_terms(options: SourceOptions) -> Terms | None:
    """The vocabulary that ``options`` name; None for none. Raises ``CollectionError``."""
    if options.vocabulary is not None:
        return read_vocabulary(options.vocabulary, options.vocabulary_language)
    if options.vocabulary_language is not None:
        raise CollectionError(
            "--vocabulary-language says nothing without --vocabulary",
            found=options.vocabulary_language,
            remedy="Name a SKOS file with --vocabulary.",
        )
    return None


def meet_vocabulary(collection: Collection, terms: Terms, former: Sequence[str] = ()) -> Collection:
    """The ``collection`` whose labels are terms of a vocabulary, as far as they are any.

    They are spelled as the labels ``former`` are, of which the first counts, as far as those are.
    Raises ``CollectionError`` where they are one label then.
    """
    before, word = collection.paintings, collection.word
    paintings, said = meet_terms(before, terms.vocabulary, collection.account, word, former)
    require_labels(paintings, where=collection.name, word=word)
    stale = note_labels(before, word)
    kept = [note for note in collection.notes if note not in stale]
    notes = (*kept, *note_labels(paintings, word), *terms.notes, *said)
    return replace(collection, paintings=paintings, notes=notes, vocabulary=terms.vocabulary)


def _open_any(options: SourceOptions, museum: MuseumTable | None) -> Collection:
    if options.source != "auto":
        return _open(options, options.source, museum)
    source = recognise_source(options.data)
    try:
        collection = _open(options, source, museum)
    except CollectionError as error:
        raise _name_source(error, Path(options.data), source) from error
    if source == "wikiart" and (table := _table_in(Path(options.data))) is not None:
        note = f"{table.name} names no pictures and was not read; --source table reads it."
        return replace(collection, notes=(*collection.notes, note))
    return collection


def _open(options: SourceOptions, source: Source, museum: MuseumTable | None) -> Collection:
    _refuse_unused(options, source)
    path, word = Path(options.data), options.word() or STYLE
    match source:
        case "demo":
            return open_demo(options.demo_root, options.demo_works)
        case "hub" if not path.exists():
            return open_hub_id(options.data, options.columns(), word)
        case "hub":
            return open_hub(path, options.columns(), word=word)
        case "best-artworks":
            return open_best_artworks(_require_folder(path), options.links_into)
        case "wikiart":
            layout = parse_layout(options.layout) if options.layout else None
            folder = _require_folder(path)
            places = options.labels, layout, options.links_into, options.leave_out
            if options.label_column is None:
                return open_wikiart(folder, *places, word, options.merge_twins)
            opened = open_wikiart(folder, *places, merge=options.merge_twins)
            return _turn_to(opened, options.label_column, word)
        case _:
            return read_museum(museum or load_options_table(options), options.image_folder())


def _turn_to(collection: Collection, field: str, word: LabelWord) -> Collection:
    """The ``collection`` of folders with its genres or artists, called ``word``, as the labels to
    check.
    """
    if field not in ("genre", "artist"):
        raise CollectionError(
            f"The folders of {collection.name} have no column '{field}'",
            found="style, artist and genre",
            expected="genre, artist, or no --label-column: the folders are styles",
        )
    column = f"given_{field}"
    own = collection.paintings[list(COLUMNS)]
    paintings = own.assign(given_style=own[column], **{column: None}).astype(COLUMNS)
    require_labels(paintings, where=collection.name, word=word)
    notes = (*collection.notes, *note_labels(paintings, word))
    is_artist = field == "artist"
    return replace(collection, paintings=paintings, notes=notes, word=word, of_artists=is_artist)


def _name_source(error: CollectionError, path: Path, source: Source) -> CollectionError:
    """The error with the form that a folder was taken for, and the flag for another."""
    is_clear = not path.is_dir() or "--source" in str(error) or type(error) is not CollectionError
    if is_clear:
        return error
    return CollectionError(
        error.what,
        found=error.found,
        expected=error.expected,
        remedy=f"{error.remedy} The folder was read in the form '{source}'; --source names "
        "another.".strip(),
    )


def load_options_table(options: SourceOptions) -> MuseumTable:
    """The table that ``options`` describe, its rows not read; raises ``CollectionError``."""
    _refuse_unused(options, "table")
    return load_museum_table(
        _find_table(Path(options.data)),
        columns=options.columns(),
        mapping=options.mapping,
        joins=pair_joins(options.join, options.on),
        join_where=options.join_where,
        sheet=options.sheet,
        encoding=options.encoding,
        word=options.word(),
        separator=options.label_separator,
    )


def recognise_source(data: str) -> Source:
    """Form of ``data``, recognised on disk. Raises ``CollectionError`` when nothing is there."""
    path = Path(data)
    if data == "demo":
        return "demo"
    if path.is_file():
        return _recognise_file(path)
    if path.is_dir():
        return _recognise_folder(path)
    is_table = path.suffix.lower() in TABLE_SUFFIXES
    if _HUB_ID.match(data) and not path.parent.is_dir() and not is_table:
        return "hub"
    raise CollectionError(
        f"There is no file or folder {data}",
        expected="a folder, a table (CSV, TSV, Excel, OpenDocument, parquet), a dataset of the Hub "
        'or "demo"',
        remedy="Check the path; a dataset of the Hub is written owner/name, as in huggan/wikiart.",
    )


def _refuse_unused(options: SourceOptions, source: Source) -> None:
    """Refuses options that the source cannot use, rather than ignore them."""
    given = {f"{role}_column" for role in ROLES if getattr(options, f"{role}_column") is not None}
    beside = (*_PLACES, *_OF_TABLES, *_OF_LABELS)
    given |= {name for name in beside if getattr(options, name) not in (None, (), False)}
    unused = sorted(given - _USED.get(source, frozenset()))
    if unused:
        flags = ", ".join("--" + name.replace("_", "-") for name in unused)
        raise CollectionError(
            f"{flags} does not apply to {options.data}",
            found=f"a collection of the form '{source}'",
            remedy="Leave it out, or name another form with --source.",
        )


def _recognise_file(path: Path) -> Source:
    if recognise_table(path) != "parquet" or not holds_images(path):
        return "table"
    return "table" if names_files(path) else "hub"


def _recognise_folder(path: Path) -> Source:
    if is_best_artworks(path):
        return "best-artworks"
    if holds_images(path):
        return "hub"
    table = _table_in(path)
    if table is None or (list_images(path).in_folders and not _names_pictures(table)):
        return "wikiart"
    return "table"


def _names_pictures(table: Path) -> bool:
    """Whether a table beside folders of pictures is of these: it may be of artists, of rooms."""
    return not {"file", "address"}.isdisjoint(load_museum_table(table).columns.chosen)


def _find_table(path: Path) -> Path:
    if not path.is_dir():
        return path
    table = _table_in(path)
    if table is None:
        raise CollectionError(
            f"{path} is a folder",
            expected=f"a table, or a folder with {_TABLE_NAMES[0]}.csv",
            remedy="Give the table itself.",
        )
    return table


def _table_in(folder: Path) -> Path | None:
    names = (stem + suffix for stem in _TABLE_NAMES for suffix in TABLE_SUFFIXES)
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _require_folder(path: Path) -> Path:
    if path.is_dir():
        return path
    raise CollectionError(
        f"{path} is not a folder", expected="a folder of images", remedy="Check the path."
    )
