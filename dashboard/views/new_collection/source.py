"""Which table is looked at: one below the folder of collections, or an upload."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.collection.doctor.told import Told
from core.collection.reading.files import safe_relative
from core.errors import UserError
from core.row_files.table import look_at_table, look_at_upload

_SEEN = "new-collection.seen"
_KEPT = 20  # answers about one table


@dataclass(frozen=True)
class Table:
    """``identity`` changes when the table does. ``shown``: what a command line calls it."""

    identity: str
    shown: str
    look: Callable[[Mapping[str, str]], Told]


def take_upload(file: UploadedFile) -> Table:
    """A table that a person sent."""
    return Table(
        file.file_id, file.name, lambda flags: look_at_upload(file.getvalue(), file.name, flags)
    )


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
    identity = f"{file} {facts.st_size} {facts.st_mtime_ns}"
    return Table(identity, str(file), lambda flags: look_at_table(file, flags))


def look_once(table: Table, flags: Mapping[str, str]) -> Told:
    """What the doctor says; asked again only for another table or other flags."""
    identity, kept = cast(
        "tuple[str, dict[tuple[tuple[str, str], ...], Told]]",
        st.session_state.get(_SEEN, ("", {})),
    )
    if identity != table.identity or len(kept) >= _KEPT:
        kept = {}
    asked = tuple(sorted(flags.items()))
    if asked not in kept:
        with st.spinner("Looking at the table"):
            kept[asked] = table.look(flags)
    st.session_state[_SEEN] = table.identity, kept
    return kept[asked]
