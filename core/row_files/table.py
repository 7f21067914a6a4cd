"""Looks at a museum's table that may come from anybody, in a process with limits."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Mapping
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


def look_at_table(
    file: Path, columns: Mapping[str, str], *, finds_pictures: bool = True, cap: Cap = CAP
) -> Told:
    """What the doctor says of the table ``file``, whose ``columns`` were named for roles.

    Whatever the file holds, the answer is plain; where it cannot be read, it says so.
    """
    asked = FORM_ASKED.dump_json(Asked(str(file), dict(columns), finds_pictures))
    busy = ReaderFailed("another table is being looked at; try again in a moment")
    try:
        with hold(_turn, _WAIT_SECONDS, busy):
            return FORM.validate_json(run_capped("core.row_files.table_child", asked, cap))
    except ReaderFailed as error:
        return Told(refusal=f"The table cannot be read: {error.what}.")
    except ValidationError:
        return Told(refusal="The table cannot be read: the reader failed on it and was stopped.")


def look_at_upload(content: bytes, name: str, columns: Mapping[str, str]) -> Told:
    """As ``look_at_table``, of a table sent under ``name``: on disk while it is looked at only.

    Its pictures are not looked for: they are elsewhere.
    """
    plain = re.sub(r"[^\w.-]+", "_", PurePosixPath(name).name).lstrip(".")[-_NAME:]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, plain or "table")
        file.write_bytes(content)
        return look_at_table(file, columns, finds_pictures=False)
