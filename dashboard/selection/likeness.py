"""The paintings most like a picture, as a link holds them: ``17.3.2041``, the most alike first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

LIKE: Final = "like"  # name of the filter
LIKENESS: Final = "likeness"  # name of the order
MOST_ALIKE: Final = 200  # paintings: all of them stand in the address
_LONGEST: Final = 9  # digits of a row


def format_alike(rows: Iterable[int]) -> str:
    """The first ``MOST_ALIKE`` of ``rows``, the most alike first."""
    return ".".join(str(int(row)) for row in list(rows)[:MOST_ALIKE])


def parse_alike(chosen: Iterable[str], paintings: int) -> np.ndarray:
    """(n,) the rows of ``format_alike``, each once; what is none of a run of so many ``paintings``
    is left out.
    """
    parts = (part for text in chosen for part in text.split("."))
    rows = (int(part) for part in parts if part.isdecimal() and len(part) <= _LONGEST)
    known = list(dict.fromkeys(row for row in rows if row < paintings))
    return np.array(known[:MOST_ALIKE], dtype=int)


def keep_alike(alike: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(m,) those of ``alike`` that are among ``rows``, as ordered."""
    kept: np.ndarray = alike[np.isin(alike, rows)]
    return kept
