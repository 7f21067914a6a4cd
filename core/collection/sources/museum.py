"""A museum's own table of paintings: CSV, TSV or parquet, with pictures in a folder.

Columns are found as ``core.collection.reading.roles`` says. ``file`` and ``style`` are required;
without a key column the file's path is the key.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from core.collection.errors import CollectionError
from core.collection.reading.fetched import first_address
from core.collection.reading.headers import name_rows
from core.collection.reading.located import (
    UNNAMED,
    WEB,
    ImageFolder,
    LocatedFiles,
    locate_fetched,
    locate_files,
)
from core.collection.reading.repeats import ask_about_views, merge_repeats
from core.collection.reading.rows import read_rows, refuse_without_key
from core.collection.sources.museum_catalogue import keep_catalogue
from core.collection.sources.museum_table import MuseumTable, load_museum_table
from core.collection.table import (
    Collection,
    FolderReader,
    build_paintings,
    note_labels,
    require_labels,
)
from core.collection.wording import count_of

_BARE: Final = ("true", "false", "yes", "no", "y", "n", "0", "1", "0.0", "1.0")


def open_museum(
    file: Path,
    *,
    images: Path | None = None,
    columns: dict[str, str] | None = None,
    name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> Collection:
    """Opens the table ``file``; ``images`` is the root of its file paths (its own folder if not
    given), ``columns`` maps roles (``"style"``) to columns that their names do not identify.

    Every row is in the collection's account: rows whose path leaves the root or whose file is
    absent are left out. Raises ``CollectionError`` for unknown, missing or ambiguous columns, works
    that share a key, and when no picture is found.
    """
    museum = load_museum_table(file, columns=columns, sheet=sheet, encoding=encoding)
    return read_museum(museum, ImageFolder(images), name=name)


def read_museum(
    museum: MuseumTable, images: ImageFolder | None = None, *, name: str | None = None
) -> Collection:
    """The collection that a table describes, as ``open_museum``."""
    images = images or ImageFolder()
    file, table, chosen, account = museum.file, museum.rows, museum.columns.chosen, museum.account
    word = museum.word
    root, links_into = images.root or file.parent, images.links_into
    museum.require_pictures(root)
    address = museum.address_column
    columns = {**chosen, "file": address or chosen["file"]}
    rows, told = read_rows(table, columns, account, word, museum.separator)
    if address is not None:
        located = locate_fetched(rows["image"], root)
    else:
        located = locate_files(
            rows["image"], root, links_into=links_into, strip_prefix=images.strip_prefix
        )
    if not located.found:
        raise _no_picture(rows["image"], located, root)
    for reason, unfound in located.unfound.items():
        account.add("row", "refused", reason, name_rows(pd.Index(unfound, name=rows.index.name)))
    for reason, changed in located.changed.items():
        account.add("row", "changed", reason, name_rows(pd.Index(changed, name=rows.index.name)))
    found = located.notes(rows["image"])
    if address is not None:
        rows["source_url"] = rows["image"].map(first_address, na_action="ignore")
    if "rights" in chosen:
        rows["rights"] = _word_rights(table[chosen["rights"]], chosen["rights"])
    rows = rows.assign(image=rows.index.map(located.found)).dropna(subset="image")
    if "key" not in chosen:
        rows["key"] = rows["image"] if address is None else rows["source_url"]
    rows, keyless = refuse_without_key(rows, account)
    catalogue = keep_catalogue(museum, rows)
    rows, repeated = merge_repeats(
        rows,
        account,
        where=file.name,
        ways_out=_find_keys(table.loc[rows.index]),
        key_is_title="key" in chosen and chosen["key"] == chosen.get("title"),
        word=word,
    )
    if "key" not in chosen:
        repeated += ask_about_views(rows)
    account.add("row", "read", "", name_rows(rows.index))
    paintings = build_paintings(rows, where=file.name, account=account, word=word)
    require_labels(paintings, where=file.name, word=word)
    notes = [*museum.notes, *told, *found, *keyless, *repeated, *note_labels(paintings, word)]
    reader = FolderReader(root.resolve(), links_into=links_into and links_into.resolve())
    identity = str(file.resolve())
    return Collection(
        name or file.stem,
        "table",
        identity,
        paintings,
        reader,
        tuple(notes),
        account,
        catalogue,
        word,
        of_artists=chosen.get("artist") == chosen["style"],
    )


def _word_rights(cells: pd.Series, column: str) -> pd.Series:
    """The rights as they stand; a bare yes or no with its question, "is_public_domain: True"."""
    texts = cells.astype("str").str.strip()
    bare = texts.str.casefold().isin(_BARE)
    return texts.mask(bare, f"{column}: " + texts)


def _find_keys(table: pd.DataFrame) -> list[str]:
    """Columns that differ in every row, and are filled."""
    return [
        name for name in table.columns if table[name].is_unique and not (table[name] == "").any()
    ]


def _no_picture(paths: pd.Series, located: LocatedFiles, root: Path) -> CollectionError:
    rows = count_of(len(paths), "row")
    if WEB in located.unfound and set(located.unfound) <= {WEB, UNNAMED}:
        return CollectionError(
            "The pictures are web addresses",
            found=f"{rows}, as in {paths[located.unfound[WEB][0]]}",
            expected="paths of files below a folder",
            remedy="Name their column with --address-column: they can then be fetched.",
        )
    return CollectionError(
        f"No picture below {root} for {rows}",
        found="; ".join(located.describe(paths)),
        expected="file paths relative to that folder",
        remedy=" ".join(located.advice)
        or "Give the folder of the pictures with --images, or the column with --file-column.",
    )
