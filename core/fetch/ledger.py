"""The ledger of a folder of fetched pictures: what was fetched, what was refused and why.

Append-only. A line is written by one call after its picture has its name, so a kill loses at most
the line of a picture that is there, which the next fetch finds by its name.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.collection.reading.fetched import LEDGER, RECORD, Fetched, read_ledger
from core.fetch.errors import FetchError

try:
    import fcntl
except ImportError:  # Windows: nothing keeps two fetches out of one folder
    fcntl = None  # type: ignore[assignment]

_LOCK: Final = "fetch.lock"


class Ledger:
    """The ledger in ``folder``, held by one fetch at a time.

    Raises ``FetchError`` where the folder cannot be written or another fetch holds it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._held = (folder / _LOCK).open("w")
            self._file = os.open(folder / LEDGER, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o644)
        except OSError as error:
            raise FetchError(
                f"{folder} cannot be written",
                found=error.strerror or str(error),
                remedy="Name another folder with --to.",
            ) from error
        self._hold()
        self._end_line()
        self.records = read_ledger(folder)

    def append(self, records: Iterable[Fetched]) -> None:
        """Adds ``records``, in threads too; raises ``OSError`` on a full disk."""
        added = tuple(records)
        lines = b"".join(RECORD.dump_json(each, exclude_defaults=True) + b"\n" for each in added)
        with self._lock:
            os.write(self._file, lines)
            self.records |= {each.address: each for each in added}

    def close(self) -> None:
        os.fsync(self._file)
        os.close(self._file)
        self._held.close()

    def _hold(self) -> None:
        if fcntl is None:
            return
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            self._held.close()
            raise FetchError(
                f"Another fetch is at work in {self.folder}",
                remedy="Wait for its end, or name another folder with --to.",
            ) from error

    def _end_line(self) -> None:
        """Ends a last line that was written in part, so that the next is whole."""
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")


def read_clock() -> str:
    """Now, in UTC, as ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
