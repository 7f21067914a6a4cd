"""Pictures that were fetched by address into a folder, as the folder's ledger tells.

The ledger is a file of JSON lines, one an address and time; of several of one address the last
holds. ``core.fetch`` writes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

LEDGER: Final = "fetched.jsonl"
_SCHEME: Final = r"(?:https?|ftp|s3|gs|hf|file)://"
_ADDRESS: Final = re.compile(_SCHEME, re.IGNORECASE)
_BETWEEN: Final = re.compile(rf"\s*(?:[|\r\n]|[;,\s]\s*(?={_SCHEME}))", re.IGNORECASE)


@dataclass(frozen=True)
class Fetched:
    """What became of ``address``: a ``file`` below the folder, or "" and the ``reason`` why not.

    ``url``: what was asked in the end. ``status``: of HTTP; None where none came. ``time``: UTC, as
    ISO 8601 writes it.
    """

    address: str
    time: str
    url: str = ""
    file: str = ""
    bytes: int = 0
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""
    status: int | None = None
    reason: str = ""


RECORD: Final = TypeAdapter(Fetched)


def read_ledger(folder: Path) -> dict[str, Fetched]:
    """The last record of each address; empty where there is no ledger.

    A line that a power cut left in part, and any other that is none of ours, counts as not written.
    """
    try:
        lines = (folder / LEDGER).read_bytes().splitlines()
    except OSError:
        return {}
    found: dict[str, Fetched] = {}
    for line in lines:
        try:
            record = RECORD.validate_json(line)
        except ValidationError:
            continue
        found[record.address] = record
    return found


def first_address(cell: str) -> str:
    """The first address in a cell that may hold several; "" where there is none.

    >>> first_address("http://a.org/1.jpg | http://a.org/2.jpg")
    'http://a.org/1.jpg'
    """
    first = _BETWEEN.split(cell.strip(), maxsplit=1)[0]
    return first if _ADDRESS.match(first) else ""
