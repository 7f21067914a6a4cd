"""The paintings ticked one by one, as they stand in a link: ``3.17.2041``, rows of the run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

MOST_TICKED: Final = 200  # each is ringed on the cloud, and stands in the address
_LONGEST: Final = 9  # digits of a row


def format_ticks(rows: Iterable[int], paintings: int) -> str:
    """Those of ``rows`` that a run of so many ``paintings`` has, each once, ascending."""
    known = sorted({row for row in rows if 0 <= row < paintings})
    return ".".join(map(str, known[:MOST_TICKED]))


def parse_ticks(text: str, paintings: int | None = None) -> tuple[int, ...]:
    """The rows of ``format_ticks``, ascending; what is none, or is not among ``paintings``, is
    left out.
    """
    parts = (part for part in text.split(".") if part.isdecimal() and len(part) <= _LONGEST)
    rows = sorted({int(part) for part in parts})
    return tuple(row for row in rows if paintings is None or row < paintings)[:MOST_TICKED]
