"""Origin of imported rows: importer, time and file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from sqlalchemy import Connection, insert, select

from core.reviews.database import select_among
from core.reviews.entry import MAX_NAME
from core.reviews.errors import VerdictRefused
from core.reviews.tables import IMPORTED_ROWS, IMPORTS

Kind = Literal["verdict", "set", "worklist"]

_LONGEST_FILE: Final = 255  # characters of a file's name


@dataclass(frozen=True)
class Origin:
    """``importer`` took the rows of ``file`` in at ``time``; ``sha256`` of its bytes, in hex."""

    importer: str
    file: str
    sha256: str
    time: datetime


def describe_origin(importer: str, file: str, content: bytes) -> Origin:
    """The origin of rows of ``content`` imported now; raises ``VerdictRefused``."""
    name = importer.strip()
    if not 0 < len(name) <= MAX_NAME:
        raise VerdictRefused(
            "An import is signed with a name", expected=f"1 to {MAX_NAME} characters"
        )
    digest = hashlib.sha256(content).hexdigest()
    return Origin(name, file[-_LONGEST_FILE:], digest, datetime.now(UTC))


def add_origin(connection: Connection, origin: Origin, kind: Kind, ids: Sequence[str]) -> None:
    """Notes that the rows ``ids`` are of ``origin``, in the transaction that adds them."""
    values = {"importer": origin.importer, "file": origin.file, "sha256": origin.sha256}
    made = connection.execute(insert(IMPORTS), values | {"time": origin.time})
    (number,) = made.inserted_primary_key or (None,)
    rows = [{"kind": kind, "row_id": each, "import": number} for each in ids]
    connection.execute(insert(IMPORTED_ROWS), rows)


def find_origins(connection: Connection, kind: Kind, ids: Iterable[str]) -> dict[str, Origin]:
    """The latest origin of each of ``ids`` that was imported."""
    query = (
        select(IMPORTED_ROWS.c.row_id, IMPORTS)
        .join(IMPORTS, IMPORTS.c.number == IMPORTED_ROWS.c["import"])
        .where(IMPORTED_ROWS.c.kind == kind)
        .order_by(IMPORTS.c.number)
    )
    return {
        row["row_id"]: Origin(row["importer"], row["file"], row["sha256"], row["time"])
        for row in select_among(connection, query, IMPORTED_ROWS.c.row_id, list(ids))
    }
