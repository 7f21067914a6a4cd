"""Limits on a run's values: one-line texts, bounded numbers, JSON of bounded depth and size."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Final

from pydantic import AfterValidator, StringConstraints

from core.text import is_line

DEPTH: Final = 12  # of lists and objects in each other
ITEMS: Final = 500_000  # values of one file together
LONGEST: Final = 8_000  # characters of a text in a file of JSON
LARGEST: Final = 2**63  # whole numbers lie between this and its negative


def _require_line(text: str) -> str:
    if not is_line(text):
        raise ValueError("holds a control or direction character")
    return text


Line = Annotated[str, StringConstraints(max_length=500), AfterValidator(_require_line)]
Note = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(_require_line)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def parse_json(data: bytes) -> Any:
    """The value that ``data`` holds.

    Raises ``ValueError`` for invalid JSON, for numbers that are not finite, and for values that
    break a bound of ``check_json``.
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("values nested too deep") from None
    check_json(value)
    return value


def check_json(value: Any) -> Any:
    """``value`` as it is; raises ``ValueError`` above ``DEPTH``, ``ITEMS``, ``LONGEST``.

    Also for texts of more than a line, and for numbers that are not finite or beyond ``LARGEST``.
    """
    level, seen = [value], 0
    for _ in range(DEPTH + 1):
        if not level:
            return value
        seen += len(level)
        if seen > ITEMS:
            raise ValueError(f"more than {ITEMS:,} values")
        level = [inner for each in level for inner in _open(each)]
    raise ValueError(f"values nested deeper than {DEPTH}")


def _open(value: Any) -> list[Any]:
    """The values inside ``value``; a scalar is checked itself."""
    if isinstance(value, dict):
        for name in value:
            _check_text(name)
        return list(value.values())
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number that is not finite")
    elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
        raise ValueError("a number that is too large")
    return []


def _check_text(text: str) -> None:
    if len(text) > LONGEST:
        raise ValueError(f"a text of more than {LONGEST:,} characters")
    _require_line(text)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name}, which is not a number")
