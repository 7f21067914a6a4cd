"""Years of works out of a museum's columns: a text, the earliest and the latest year."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from core.collection.reading.dates import LATEST_YEAR, Span, parse_span
from core.collection.wording import name_some

_BOUND: Final = re.compile(r"\(?\s*(-?\d{1,4})(?:\.0+)?(?:-\d{1,2}(?:-\d{1,2}.*)?)?\s*\)?")


def read_years(
    text: pd.Series | None, earliest: pd.Series | None, latest: pd.Series | None
) -> tuple[pd.Series, list[str]]:
    """Year of completion of each row as Int16, null where none is known, and notes.

    The text decides, as it says what the years are of; the two ends decide where it names no year,
    or one that does not lie between them. At least one of the three is given; all share an index.
    """
    given = [values for values in (text, earliest, latest) if values is not None]
    frame = pd.DataFrame(
        {
            name: given[0].map(lambda _: None) if values is None else values.astype("object")
            for name, values in (("text", text), ("first", earliest), ("last", latest))
        }
    )
    frame = frame.astype("object").where(frame.notna(), None)
    cells = list(frame.itertuples(index=False, name=None))
    known = {each: choose_year(*each) for each in set(cells)}
    years = pd.Series([known[each] for each in cells], index=frame.index, dtype="Int16")
    unread = {
        each[0] or "–".join(end or "" for end in each[1:]): None
        for each in cells
        if known[each] is None and any(each)
    }
    if not unread:
        return years, []
    return years, [f"Rows whose date names no year, or too many: {name_some(list(unread))}."]


def choose_year(text: str | None, first: str | None, last: str | None) -> int | None:
    """The year of completion that a text and the two ends of a span name together.

    >>> choose_year("n.d.", "1865", "1880"), choose_year("c. 1650", "1645", "1655")
    (1880, 1650)
    >>> choose_year("inv. 1907", "1640", "1650"), choose_year(None, "-0206-01-05", "0220-01-01")
    (1650, None)
    """
    span, ends = parse_span(text) if text else None, _read_ends(first, last)
    if span is None or span.year is None:
        return ends.year if ends else None
    is_between = ends is None or ends.first - 1 <= span.year <= ends.last + 1
    return span.year if is_between or ends is None else ends.year


def _read_ends(first: str | None, last: str | None) -> Span | None:
    ends = [end for end in (_read_end(first, 0), _read_end(last, 1)) if end is not None]
    if not ends or ends[0] > ends[-1]:
        return None
    return Span(ends[0], ends[-1])


def _read_end(text: str | None, place: int) -> int | None:
    """A year of one end: a number, of any size, a day, or a text; 0 and years to come are none."""
    if not text:
        return None
    if found := _BOUND.fullmatch(text.strip()):
        year = int(found[1])
        return year if year and year <= LATEST_YEAR else None
    span = parse_span(text)
    return (span.first, span.last)[place] if span else None
