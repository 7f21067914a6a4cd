"""Looks at a museum's table that may come from anybody, in a process with limits."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import ValidationError

from core.collection.doctor.told import FORM, Told
from core.row_files.capped import Cap, ReaderFailed, run_capped
from core.row_files.table_child import FORM_ASKED, Asked
from core.sizes import MEGABYTE
from core.turns import hold

CAP: Final = Cap(seconds=30.0, memory_bytes=3072 * MEGABYTE, answer_bytes=4 * MEGABYTE)
_WAIT_SECONDS: Final = 30.0
_NAME: Final = 60  # letters of a file's name, of up to four bytes each
_turn = threading.Lock()  # one table at a time: each may take all the memory of its limits


@dataclass(frozen=True)
class Upload:
    """A table that somebody sent, under the ``name`` that it had there."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Second:
    """A table that is joined to the first. ``on``: as ``core.collection.reading.joins.Join``."""

    table: Path | Upload
    on: str


def look_at_table(
    table: Path | Upload,
    columns: Mapping[str, str],
    seconds: Sequence[Second] = (),
    join_where: Sequence[str] = (),
    cap: Cap = CAP,
) -> Told:
    """What the doctor says of ``table``, whose ``columns`` were named for roles.

    Whatever the files hold, the answer is plain; where one cannot be read, it says so. Uploads are
    on disk only while they are looked at, and their pictures are not looked for: these are
    elsewhere. ``join_where``: which rows of joined tables count.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked = Asked(
            str(_place(table, Path(folder, "0"))),
            dict(columns),
            isinstance(table, Path),
            [
                (str(_place(second.table, Path(folder, str(number)))), second.on)
                for number, second in enumerate(seconds, 1)
            ],
            [*join_where],
        )
        return _ask(asked, cap)


def _ask(asked: Asked, cap: Cap) -> Told:
    busy = ReaderFailed("another table is being looked at; try again in a moment")
    try:
        with hold(_turn, _WAIT_SECONDS, busy):
            question = FORM_ASKED.dump_json(asked)
            return FORM.validate_json(run_capped("core.row_files.table_child", question, cap))
    except ReaderFailed as error:
        return Told(refusal=f"The table cannot be read: {error.what}.")
    except ValidationError:
        return Told(refusal="The table cannot be read: the reader failed on it and was stopped.")


def _place(table: Path | Upload, folder: Path) -> Path:
    """The file of ``table``; an upload is written into ``folder``."""
    if isinstance(table, Path):
        return table
    plain = re.sub(r"[^\w.-]+", "_", PurePosixPath(table.name).name).lstrip(".")[-_NAME:]
    folder.mkdir()
    file = folder / (plain or "table")
    file.write_bytes(table.content)
    return file
