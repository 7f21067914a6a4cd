"""Which tables are looked at: files below the folder of collections, or uploads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.collection.doctor.told import Told
from core.collection.reading.files import safe_relative
from core.errors import UserError
from core.row_files.table import Second, Upload, look_at_table

_SEEN = "new-collection.seen"
_KEPT = 20  # answers about one table


@dataclass(frozen=True)
class Table:
    """``identity`` changes when the table does. ``shown``: what a command line calls it."""

    identity: str
    shown: str
    place: Path | Upload


@dataclass(frozen=True)
class Joined:
    """A second table, the column of both as ``--on`` has it, and which rows count, if not all."""

    table: Table
    on: str
    where: str


def take_upload(file: UploadedFile) -> Table:
    """A table that a person sent."""
    return Table(file.file_id, file.name, Upload(file.name, file.getvalue()))


def find_below(root: Path, text: str) -> Table:
    """The table that ``text`` names below ``root``.

    Raises ``UserError`` with the same words for what is not there and for what lies outside: the
    page must not tell what else is on the disk.
    """
    safe, home = safe_relative(text), root.resolve()
    file = (home / safe).resolve() if safe is not None else home
    if not file.is_relative_to(home) or not file.is_file():
        raise UserError(
            f"There is no table '{text}' in the folder of collections",
            expected="a path below it, such as museum/works.csv",
            remedy="Check the path, or upload the table.",
        )
    facts = file.stat()
    return Table(f"{file} {facts.st_size} {facts.st_mtime_ns}", str(file), file)


def look_once(table: Table, joined: Joined | None, columns: Mapping[str, str]) -> Told:
    """What the doctor says; asked again only for another table, join or columns."""
    identity, kept = cast("tuple[str, dict[object, Told]]", st.session_state.get(_SEEN, ("", {})))
    if identity != table.identity or len(kept) >= _KEPT:
        kept = {}
    second = (joined.table.identity, joined.on, joined.where) if joined is not None else None
    asked = (second, tuple(sorted(columns.items())))
    if asked not in kept:
        with st.spinner("Looking at the table"):
            kept[asked] = _look(table, joined, columns)
    st.session_state[_SEEN] = table.identity, kept
    return kept[asked]


def _look(table: Table, joined: Joined | None, columns: Mapping[str, str]) -> Told:
    if joined is None:
        return look_at_table(table.place, columns)
    second = Second(joined.table.place, joined.on)
    return look_at_table(table.place, columns, [second], [joined.where] if joined.where else [])
