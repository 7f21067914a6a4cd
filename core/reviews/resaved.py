"""Exports of verdicts that a spreadsheet saved again: what can be read, and what was lost.

A spreadsheet takes times for dates and writes them in its own form, without seconds; it takes ids
of digits for numbers and keeps their first digits. A time is read where its form has one reading in
the whole file. What was lost is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import pandas as pd

from core.collection.wording import count_of

_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]\d+")  # 1.23457E+31; an id may be 4e17
_SHORT_NUMBER: Final = re.compile(rf"{_NUMBER.pattern}|\d{{1,15}}")  # of a hash of zeros, a 0
_EXACT: Final = r"\d{4}-\d\d-\d\d[T ].*"  # as in an export, and as every spreadsheet can read
_DATE: Final = re.compile(
    r"(?P<a>\d{1,4})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})[ T]+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_WORDS: Final = {
    "id": "id",
    "key": "painting's key",
    "supersedes": "link to the verdict before it",
    "content_hash": "fingerprint of the picture",
    "model_hash": "fingerprint of the model",
    "run_id": "run",
}
_ZONE: Final = r"(?:Z|[+-]\d\d:?\d\d)$"  # a spreadsheet writes none
_ORDERS: Final = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}


@dataclass(frozen=True)
class Times:
    """``times`` in UTC, null where there is none. ``doubts``: of a time that a spreadsheet wrote
    and that cannot be told, "" for others. ``is_rounded``: to minutes or seconds. ``note``: how
    those were read, "" without any.
    """

    times: pd.Series
    doubts: pd.Series
    is_rounded: pd.Series
    note: str


def is_number(column: str, text: object) -> bool:
    """Whether a spreadsheet has made a number of a cell."""
    form = _SHORT_NUMBER if column.endswith("_hash") else _NUMBER
    return isinstance(text, str) and form.fullmatch(text) is not None


def may_lack_zeros(text: object) -> bool:
    """Whether a key may have begun with zeros, which a spreadsheet drops."""
    return isinstance(text, str) and _SHORT_NUMBER.fullmatch(text) is not None


def find_numbers(table: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """(n,) texts: which of ``columns`` a spreadsheet has made a number of; "" for none."""
    said = pd.Series("", index=table.index, dtype="str")
    for column in columns:
        is_lost = table[column].map(partial(is_number, column)).astype("bool")
        reason = f"a spreadsheet made a number of its {_WORDS[column]}: " + table[column]
        said = said.mask((said == "") & is_lost, reason)
    return said


def read_times(texts: pd.Series) -> Times:
    """Times as they were exported, or as a spreadsheet wrote them."""
    is_exact = texts.fillna("").str.fullmatch(_EXACT).astype("bool")
    iso = pd.to_datetime(texts.where(is_exact), utc=True, format="ISO8601", errors="coerce")
    found = [
        None if is_known else _match(text)
        for is_known, text in zip(iso.notna(), texts, strict=True)
    ]
    order, doubt = _find_order([match for match in found if match])
    values = [_build(match, order) if match else None for match in found]
    read = pd.to_datetime(pd.Series(values, index=texts.index, dtype="object"), utc=True)
    times = iso.fillna(read)
    times = times.where(times.dt.year.between(1, 9999)).dt.as_unit("us")  # what Python can tell
    is_zoned = texts.fillna("").str.contains(_ZONE).astype("bool")
    is_rounded = times.notna() & (read.notna() | ~is_zoned)
    is_doubtful = times.isna() & pd.Series([bool(match) for match in found], index=texts.index)
    doubts = pd.Series("", index=texts.index, dtype="str")
    doubts = doubts.mask(is_doubtful, "its time, " + texts.fillna("") + f", {doubt}")
    note = ""
    if written := int((read.notna() & times.notna()).sum()):
        note = (
            f"A spreadsheet wrote the time of {count_of(written, 'row')} in its own "
            f"form: read as {_ORDERS[order]}, in UTC."
        )
    return Times(times, doubts, is_rounded, note)


def _match(text: object) -> re.Match[str] | None:
    return _DATE.fullmatch(text.strip()) if isinstance(text, str) else None


def _find_order(dates: list[re.Match[str]]) -> tuple[str, str]:
    """The order of day, month and year in all ``dates``, or "" and why there is none."""
    if all(len(date["a"]) == 4 for date in dates):
        return "ymd", "is no date"
    first = max(int(date["a"]) for date in dates)
    second = max(int(date["b"]) for date in dates)
    marks = {date["mark"] for date in dates}
    if (first > 12 and second > 12) or len(marks) > 1:
        return "", "is written in another form than others in the file"
    if first > 12 or (second <= 12 and marks == {"."}):  # nobody has the month first with dots
        return "dmy", "is no date"
    if second > 12:
        return "mdy", "is no date"
    return "", "may have its day or its month first"


def _build(date: re.Match[str], order: str) -> datetime | None:
    """The time of a match; None for a day that the calendar lacks, or without an order."""
    if not order:
        return None
    parts = dict(zip(order, (date["a"], date["b"], date["c"]), strict=True))
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    hour = int(date["hour"])
    if half := (date["half"] or "").lower():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * half.startswith("p")
    try:
        day = datetime(year, int(parts["m"]), int(parts["d"]))
        return day.replace(hour=hour, minute=int(date["minute"]), second=int(date["second"] or 0))
    except ValueError:
        return None
