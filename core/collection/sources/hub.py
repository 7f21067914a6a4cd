"""Parquet shards in the form of the Hub's ``huggan/wikiart``: pictures and labels in one file.

Labels are read on opening, without the pictures; pictures are read one by one from their shard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.dates import parse_year
from core.collection.reading.names import artist_from_slug, title_from_slug
from core.collection.reading.roles import name_flag
from core.collection.reading.splits import parse_split
from core.collection.sources.hub_columns import (
    PictureColumn,
    find_picture_columns,
    load_features,
    read_labels,
)
from core.collection.sources.shards import (
    ShardReader,
    find_missing,
    find_root,
    find_shards,
    find_split,
    load_schema,
    refuse_damaged,
)
from core.collection.sources.wikiart_labels import canonical_class
from core.collection.table import (
    Collection,
    build_paintings,
    note_labels,
    require_labels,
)
from core.collection.wording import count_of, list_some
from core.label_word import STYLE, LabelWord
from core.tasks import FURTHER, TASKS

_UNKNOWN: Final = re.compile(r"^unknown([ _-](artist|genre|style))?$", re.IGNORECASE)
_SLUG: Final = re.compile(r"^[^A-Z\s]+$")
ROLES: Final = ("style", "artist", "genre", "title", "year", "key", "split")


def holds_images(path: Path) -> bool:
    """Whether a shard, or a folder of shards, has a column of pictures, or of their paths."""
    shards = find_shards(path)
    return bool(shards) and bool(find_picture_columns(shards))


def open_hub(
    path: Path,
    columns: dict[str, str] | None = None,
    name: str = "",
    word: LabelWord = STYLE,
) -> Collection:
    """Opens a shard or a folder of shards; ``columns`` maps roles (``"style"``, or ``"file"`` for
    the pictures) to columns.

    Raises ``CollectionError`` when there is no shard, no column of pictures or none of styles, the
    pictures are not in the shards, or the shards differ in form.
    """
    shards = find_shards(path)
    if not shards:
        raise CollectionError(
            f"{path} holds no parquet shard",
            expected="*.parquet, data/*.parquet, or config/split/*.parquet",
            remedy="Check the path, or give the dataset's name (huggan/wikiart) to fetch it.",
        )
    pictures = find_picture_columns(shards)
    image = _choose_picture(shards, pictures, (columns or {}).get("file"))
    chosen = _find_columns(load_schema(shards[0]), columns or {}, shards[0])
    root = find_root(shards)
    account, notes = Account(), _note_shards(shards, image, pictures)
    parts = [_load_shard(shard, root, image, chosen) for shard in shards]
    rows = pd.concat([part.rows for part in parts], ignore_index=True)
    notes += _note_labels(parts, chosen, word)
    _choose_keys(rows)
    if rows["split"].nunique() < 2:  # where nothing was held out, every row is "train"
        rows["split"] = None
    if not rows[FURTHER].notna().any():
        rows = rows.drop(columns=FURTHER)
    paintings = build_paintings(rows, where=str(path), account=account, word=word)
    require_labels(paintings, where=str(path), word=word)
    account.add("file", "read", "", [_place(shard, root) for shard in shards])
    account.add("file", "refused", "a shard that is not here", find_missing(shards))
    account.add("row", "read", "", rows["image"])
    _account_for_columns(account, shards[0], [image.name, *chosen.values()], pictures)
    return Collection(
        name or path.resolve().stem,
        "hub",
        name or str(path.resolve()),
        paintings,
        ShardReader(root, image.name),
        (*notes, *note_labels(paintings, word)),
        account,
        word=word,
    )


def open_hub_id(
    dataset: str, columns: dict[str, str] | None = None, word: LabelWord = STYLE
) -> Collection:
    """Fetches the parquet shards of a dataset of the Hub (once; then cached) and opens them.

    Raises ``CollectionError`` when the library is absent or the Hub does not answer.
    """
    try:
        import huggingface_hub
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    except ImportError as error:
        raise CollectionError(
            f"{dataset} cannot be fetched: huggingface_hub is not installed",
            remedy="pip install datasets, or download the parquet files and give their folder.",
        ) from error
    try:
        folder = huggingface_hub.snapshot_download(
            dataset, repo_type="dataset", allow_patterns=["*.parquet", "data/*.parquet"]
        )
    except (HfHubHTTPError, HFValidationError, OSError, ValueError) as error:
        raise CollectionError(
            f"{dataset} could not be fetched from the Hub",
            found=str(error).strip().splitlines()[0],
            remedy="Check the name and the network (HF_TOKEN for a closed dataset), or download "
            "the parquet files elsewhere and give their folder.",
        ) from error
    return open_hub(Path(folder), columns, name=dataset, word=word)


def _choose_picture(
    shards: Sequence[Path], found: list[PictureColumn], wanted: str | None
) -> PictureColumn:
    """The column that was asked for, else the one with the most bytes."""
    names = load_schema(shards[0]).names
    if wanted is not None and wanted not in [column.name for column in found]:
        raise CollectionError(
            f"{shards[0]} has no pictures in a column '{wanted}'",
            found=f"the columns {', '.join(names)}",
            expected=f"one of {', '.join(column.name for column in found) or 'pictures'}",
            remedy="Give one of these with --file-column.",
        )
    image = next((column for column in found if wanted in (None, column.name)), None)
    if image is None:
        raise CollectionError(
            f"{shards[0]} has no column of pictures",
            found=f"the columns {', '.join(names)}",
            expected="one of bytes, of {bytes, path} as datasets writes it, or of base64 text",
            remedy="Read a table that names files with --source table.",
        )
    if image.form == "a path":
        raise _paths_only(shards[0], image.name)
    return image


def _paths_only(shard: Path, column: str) -> CollectionError:
    cells = pq.read_table(shard, columns=[column]).column(0).to_pylist()
    example = next(cell["path"] for cell in cells if cell and cell["path"])
    return CollectionError(
        f"The shards hold paths, no pictures: column '{column}' of {shard}",
        found=f"no bytes, and paths such as {example}",
        expected="the bytes of the pictures beside their paths",
        remedy="Write the dataset again where its pictures are (datasets: "
        "push_to_hub or to_parquet after embed_external_files), or give its labels as a table "
        "of file and style with --images for the folder of the pictures.",
    )


def _find_columns(schema: pa.Schema, flags: dict[str, str], shard: Path) -> dict[str, str]:
    chosen = {role: flags.get(role, role) for role in ROLES}
    for role, column in chosen.items():
        if column not in schema.names and (role in flags or role == "style"):
            raise CollectionError(
                f"{shard} has no column '{column}' for the {role}",
                found=f"the columns {', '.join(schema.names)}",
                remedy=f"Say which with {name_flag(role)}.",
            )
    return {role: column for role, column in chosen.items() if column in schema.names}


@dataclass(frozen=True)
class _Part:
    """The rows of one shard; role -> how many cells held several labels, which had no name."""

    rows: pd.DataFrame
    several: dict[str, int]
    unnamed: dict[str, set[int]]
    numbered: dict[str, bool]


def _load_shard(shard: Path, root: Path, image: PictureColumn, columns: dict[str, str]) -> _Part:
    """Labels and locations of one shard, without the pictures."""
    schema = load_schema(shard)
    missing = {image.name, *columns.values()} - set(schema.names)
    if missing:
        raise CollectionError(
            f"{shard} differs from the first shard",
            found=f"no column {', '.join(sorted(missing))}",
            expected="the same columns in every shard",
            remedy="Keep the shards of one dataset in one folder.",
        )
    wanted = [*columns.values(), *([f"{image.name}.path"] if image.has_path else [])]
    with refuse_damaged(shard), pq.ParquetFile(shard) as file:
        table = file.read(columns=wanted)
        lengths = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    rows = pd.DataFrame({"image": list(_locations(_place(shard, root), lengths))})
    rows["path"] = _image_paths(table, image.name) if image.has_path else None
    rows["split"] = find_split(shard, root)
    features = load_features(schema)
    part = _Part(rows, {}, {}, {})
    for role, column in columns.items():
        with refuse_damaged(shard):
            values = table.column(column).to_pylist()
        told = read_labels(values, features.get(column), f"Column '{column}' of {shard}")
        part.several[role], part.unnamed[role] = told.several, told.unnamed
        part.numbered[role] = told.numbered
        _set_role(rows, role, [_known(text) for text in told.texts])
        if role == "style":
            others = [
                each and [canonical_class(text) for text in each if _known(text)]
                for each in told.further
            ]
            rows[FURTHER] = pd.Series(others, index=rows.index, dtype="object")
    return part


def _set_role(rows: pd.DataFrame, role: str, values: list[str | None]) -> None:
    match role:
        case "style":
            rows["given_style"] = [value and canonical_class(value) for value in values]
        case "genre":
            rows["given_genre"] = [value and value.strip() for value in values]
        case "artist":
            rows["artist"] = rows["given_artist"] = [_artist(value) for value in values]
        case "title":
            rows["title"] = [_title(value) for value in values]
        case "year":
            rows["year"] = [value and parse_year(value) for value in values]
        case "split":
            rows["split"] = [value and parse_split(value) for value in values]
        case _:
            rows["listed_key"] = values


def _known(text: str | None) -> str | None:
    """``None`` for "Unknown Artist" and empty texts."""
    return None if text is None or not text.strip() or _UNKNOWN.match(text.strip()) else text


def _artist(name: str | None) -> str | None:
    """``vincent-van-gogh`` as ``Vincent van Gogh``; a name that is not a slug is unchanged."""
    if name is None:
        return None
    return artist_from_slug(name) if _SLUG.match(name) else name


def _title(text: str | None) -> str | None:
    return title_from_slug(text) if text and _SLUG.match(text) else text


def _note_shards(
    shards: list[Path], image: PictureColumn, pictures: list[PictureColumn]
) -> list[str]:
    notes = [f"Read from {count_of(len(shards), 'parquet shard')}."]
    if missing := find_missing(shards):
        notes.append(
            f"{count_of(len(missing), 'shard')} of this dataset not here: {list_some(missing)}. "
            "Their paintings are missing; fetch them, too."
        )
    others = [column.name for column in pictures if column is not image]
    if others:
        notes.append(
            f"The pictures are those of the column '{image.name}'; {', '.join(others)} also "
            f"hold{'s' if len(others) == 1 else ''} pictures, read with --file-column {others[0]}."
        )
    if image.form == "a list":
        notes.append(f"Column '{image.name}' holds lists of pictures: the first of each is read.")
    if image.form == "base64 text":
        notes.append(f"Column '{image.name}' holds pictures as base64 text.")
    return notes


def _note_labels(parts: list[_Part], columns: dict[str, str], word: LabelWord) -> list[str]:
    """What became of labels that are several, without a name, or numbers."""
    notes = []
    for role in (role for role in TASKS if role in columns):
        column, one = columns[role], word.name(role)
        several = sum(part.several[role] for part in parts)
        if several and role != "style":
            notes.append(
                f"{count_of(several, 'painting')} with more than one {one} in '{column}': the "
                "first one is read."
            )
        if unnamed := sorted(set().union(*(part.unnamed[role] for part in parts))):
            notes.append(
                f"Class numbers without a name in '{column}' are no {one}: "
                f"{list_some([str(number) for number in unnamed])}."
            )
        if all(part.numbered[role] for part in parts):
            texts = {text for part in parts for text in part.rows[f"given_{role}"].dropna()}
            classes = list_some(sorted(texts, key=lambda text: (len(text), text)))
            notes.append(
                f"The names of the {word.name_all(role)} are lost: '{column}' holds the numbers "
                f"{classes}, and the shards name no classes. Write the dataset with its features "
                "(ClassLabel), or with a column of names."
            )
    return notes


def _account_for_columns(
    account: Account, shard: Path, read: list[str], pictures: list[PictureColumn]
) -> None:
    account.add("column", "read", "", read)
    left = [name for name in load_schema(shard).names if name not in read]
    others = {column.name for column in pictures}
    account.add("column", "left out", "other pictures", [name for name in left if name in others])
    account.add("column", "left out", "no role", [name for name in left if name not in others])


def _choose_keys(rows: pd.DataFrame) -> None:
    """Keys: the key column, else the pictures' paths where all differ, else ``shard#row``."""
    if "listed_key" in rows:
        rows["key"] = rows["listed_key"]
    elif rows["path"].notna().all() and rows["path"].is_unique:
        rows["key"] = rows["path"]
    else:
        shard = rows["image"].str.partition("#")[0]
        rows["key"] = shard + "#" + rows.groupby(shard).cumcount().astype("str")


def _image_paths(table: pa.Table, image: str) -> list[str | None]:
    return [value and value.get("path") for value in table.column(image).to_pylist()]


def _place(shard: Path, root: Path) -> str:
    """The shard below ``root``; a shard may be a link, as in the Hub's cache."""
    return shard.parent.resolve().relative_to(root).joinpath(shard.name).as_posix()


def _locations(shard: str, lengths: list[int]) -> Iterable[str]:
    return (f"{shard}#{group}:{row}" for group, rows in enumerate(lengths) for row in range(rows))
