"""The kinds of filter: what each keeps of a table by what is chosen, and when it is offered.

What is chosen is a tuple of texts, as it stands in a link: ``given=Cubism&given=Baroque``,
``years=1880..1910``, ``text=sunflowers``.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa

from core.label_word import LabelWord
from dashboard.selection.likeness import parse_alike
from dashboard.selection.matching import SEARCHED, match, read_query
from dashboard.selection.several_labels import EVERY, split_labels

BINS: Final = 24  # bars of a histogram
UNKNOWN: Final = "unknown"  # a choice of a range: keeps paintings without a value as well

Chosen = tuple[str, ...]


@dataclass(frozen=True)
class Facet(ABC):
    """One filter: ``name`` in links, ``label`` on the page.

    In ``FACETS`` ``label`` and ``help`` are texts for ``LabelWord.fill``; what is offered has them
    filled.
    """

    name: str
    label: str
    help: str = ""

    def called(self, word: LabelWord) -> Self:
        """The same with the ``word`` of a run in its texts."""
        return replace(self, label=word.fill(self.label), help=word.fill(self.help))

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """Columns of the table that it reads."""

    @abstractmethod
    def keep(self, table: pd.DataFrame, chosen: Chosen) -> np.ndarray:
        """(N,) bool: the painting passes; ``chosen`` is not empty."""

    def is_offered(self, table: pd.DataFrame) -> bool:
        """Whether there is a choice."""
        return all(name in table and bool(table[name].notna().any()) for name in self.columns)

    def drop_unknown(self, table: pd.DataFrame, chosen: Chosen) -> Chosen:
        """``chosen`` without the values that this collection does not have."""
        return chosen


@dataclass(frozen=True)
class Choice(Facet):
    """Any of the values of a categorical column."""

    column: str = ""
    show: Callable[[str], str] = str  # a value as a person reads it
    order: tuple[str, ...] = ()  # of the values; alphabetical without one
    is_short: bool = False  # few enough values to stand side by side

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    def keep(self, table: pd.DataFrame, chosen: Chosen) -> np.ndarray:
        column = table[self.column].cat
        wanted = np.isin(np.asarray(column.categories), chosen)
        kept: np.ndarray = np.append(wanted, False)[column.codes]  # code -1, no value, is the last
        return kept

    def count(self, table: pd.DataFrame, rows: np.ndarray) -> dict[str, int]:
        """The paintings at ``rows`` (n,) by value, in order; values without any left out."""
        here = _count_codes(table[self.column], rows)
        counted = zip(table[self.column].cat.categories, here.tolist(), strict=True)
        return {str(value): n for value, n in counted if n}

    def drop_unknown(self, table: pd.DataFrame, chosen: Chosen) -> Chosen:
        known = set(table[self.column].cat.categories)
        return tuple(value for value in chosen if value in known)

    def prepare(self, values: pd.Series) -> pd.Series:
        """``values`` as the categorical column that this filter reads."""
        # By Arrow, which makes no object of each value.
        encoded = pa.array(values.astype("str"), type=pa.large_string()).dictionary_encode()
        known = encoded.dictionary.to_pylist()
        rest = sorted(set(known).difference(self.order), key=self._read)
        categories = pd.Index([*self.order, *rest], dtype=object)
        codes = np.append(categories.get_indexer(pd.Index(known, dtype=object)), -1)
        places = encoded.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
        return pd.Series(pd.Categorical.from_codes(codes[places], categories), index=values.index)

    def _read(self, value: str) -> str:
        return self.show(value).casefold()


@dataclass(frozen=True)
class Labels(Choice):
    """Any of the labels of a painting, which may have several: ``EVERY`` holds them all."""

    def keep(self, table: pd.DataFrame, chosen: Chosen) -> np.ndarray:
        column, asked = table[EVERY].cat, set(chosen)
        wanted = [not asked.isdisjoint(split_labels(each)) for each in column.categories]
        kept: np.ndarray = np.array([*wanted, False])[column.codes]
        return kept

    def count(self, table: pd.DataFrame, rows: np.ndarray) -> dict[str, int]:
        """The paintings at ``rows`` (n,) under each of their labels, as ``Choice.count``."""
        here = _count_codes(table[EVERY], rows)
        counts: dict[str, int] = {}
        for every, n in zip(table[EVERY].cat.categories, here, strict=True):
            for each in split_labels(every):
                counts[each] = counts.get(each, 0) + int(n)
        return {each: counts[each] for each in sorted(counts, key=self._read)}

    def drop_unknown(self, table: pd.DataFrame, chosen: Chosen) -> Chosen:
        known = {e for every in table[EVERY].cat.categories for e in split_labels(every)}
        return tuple(value for value in chosen if value in known)


@dataclass(frozen=True)
class Flags(Facet):
    """Any of some facts that are true of a painting or not: value -> column, label."""

    flags: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for column, _ in self.flags.values())

    def show(self, value: str) -> str:
        return self.flags[value][1] if value in self.flags else value

    def keep(self, table: pd.DataFrame, chosen: Chosen) -> np.ndarray:
        kept = np.zeros(len(table), dtype=bool)
        for value in chosen:
            if value in self.flags:
                kept |= table[self.flags[value][0]].to_numpy()
        return kept

    def count(self, table: pd.DataFrame, rows: np.ndarray) -> dict[str, int]:
        """The paintings at ``rows`` (n,) for which each fact holds."""
        return {
            value: int(np.count_nonzero(_take(table[column].to_numpy(), rows)))
            for value, (column, _) in self.flags.items()
        }

    def is_offered(self, table: pd.DataFrame) -> bool:
        return all(name in table for name in self.columns) and any(
            bool(table[name].any()) for name in self.columns
        )

    def drop_unknown(self, table: pd.DataFrame, chosen: Chosen) -> Chosen:
        return tuple(value for value in chosen if value in self.flags)


@dataclass(frozen=True)
class Membership(Facet):
    """Any of the sets that a painting belongs to: ids separated by spaces, in a categorical."""

    column: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    def is_offered(self, table: pd.DataFrame) -> bool:
        return self.column in table and bool(len(table[self.column].cat.categories))

    def keep(self, table: pd.DataFrame, chosen: Chosen) -> np.ndarray:
        column, asked = table[self.column].cat, set(chosen)
        wanted = [not asked.isdisjoint(ids.split()) for ids in column.categories]
        kept: np.ndarray = np.array([*wanted, False])[column.codes]
        return kept

    def count(self, table: pd.DataFrame, rows: np.ndarray) -> dict[str, int]:
        """The paintings at ``rows`` (n,) by set; a set without any counts 0."""
        here = _count_codes(table[self.column], rows)
        counts: dict[str, int] = {}
        for ids, n in zip(table[self.column].cat.categories, here, strict=True):
            for each in ids.split():
                counts[each] = counts.get(each, 0) + int(n)
        return counts

    def drop_unknown(self, table: pd.DataFrame, chosen: Chosen) -> Chosen:
        known = {each for ids in table[self.column].cat.categories for each in ids.split()}
        return tuple(value for value in chosen if value in known)


@dataclass(frozen=True)
class Range(Facet):
    """A range of numbers: ``low..high``, an open end left out."""

    column: str = ""
    step: float = 1.0
    percent: bool = False  # shares, shown in percent
    bounds: tuple[float, float] | None = None  # of what can be chosen; None: those of the column
    unknown: str = ""  # label of the choice that also keeps paintings without a value

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    def keep(self, table: pd.DataFrame, chosen: Chosen) -> np.ndarray:
        values = self._values(table)
        low, high = self.parse(chosen)
        with np.errstate(invalid="ignore"):
            kept = (values >= low) & (values <= high)
        return kept | np.isnan(values) if UNKNOWN in chosen else kept

    def count(self, table: pd.DataFrame, rows: np.ndarray) -> dict[float, int]:
        """Histogram of the values at ``rows`` (n,) between the ends of the column: lower edge ->
        count.
        """
        low, high = self.ends(table)
        width = (high - low) / BINS or 1.0
        places = (self._values(table, rows) - low) / width
        np.clip(places, 0, BINS - 1, out=places)
        places[np.isnan(places)] = BINS
        counts = np.bincount(places.astype(np.uint8), minlength=BINS + 1)[:BINS]
        return {low + width * place: int(n) for place, n in enumerate(counts)}

    def ends(self, table: pd.DataFrame) -> tuple[float, float]:
        """The whole range that can be chosen: ``bounds``, or the column's in whole steps."""
        if self.bounds:
            return self.bounds
        values = self._values(table)
        low, high = np.nanmin(values), np.nanmax(values)
        return (
            float(np.floor(low / self.step) * self.step),
            float(np.ceil(high / self.step) * self.step),
        )

    def parse(self, chosen: Chosen) -> tuple[float, float]:
        """Both ends, infinite where open or unreadable."""
        text = next((value for value in chosen if ".." in value), "..")
        low, _, high = text.partition("..")
        return _number(low, -math.inf), _number(high, math.inf)

    def format(
        self, low: float, high: float, keep_unknown: bool, ends: tuple[float, float]
    ) -> Chosen:
        """What is chosen, as in a link; nothing where the range is all of ``ends``."""
        if (low, high) == ends:
            return ()
        left = "" if low <= ends[0] else f"{low:g}"
        right = "" if high >= ends[1] else f"{high:g}"
        return (f"{left}..{right}", UNKNOWN) if keep_unknown else (f"{left}..{right}",)

    def is_offered(self, table: pd.DataFrame) -> bool:
        return super().is_offered(table) and self.ends(table)[0] < self.ends(table)[1]

    def drop_unknown(self, table: pd.DataFrame, chosen: Chosen) -> Chosen:
        """Nothing if no end can be read: such a link must not hide paintings without a value."""
        return chosen if any(map(math.isfinite, self.parse(chosen))) else ()

    def _values(self, table: pd.DataFrame, rows: np.ndarray | None = None) -> np.ndarray:
        """float32 of the column, NaN for none; (n,) of ``rows``, (N,) of all."""
        column = table[self.column]
        if rows is not None and len(rows) < len(column):
            column = column.take(rows)
        return column.to_numpy(dtype=np.float32, na_value=np.nan)


@dataclass(frozen=True)
class Search(Facet):
    """What the search box finds: see ``dashboard.selection.query``."""

    @property
    def columns(self) -> tuple[str, ...]:
        return (SEARCHED,)

    def keep(self, table: pd.DataFrame, chosen: Chosen) -> np.ndarray:
        return match(table, read_query(table, " ".join(chosen)))


@dataclass(frozen=True)
class Like(Facet):
    """The paintings most like a picture, by row (``selection.likeness``)."""

    @property
    def columns(self) -> tuple[str, ...]:
        return ()

    def keep(self, table: pd.DataFrame, chosen: Chosen) -> np.ndarray:
        kept = np.zeros(len(table), dtype=bool)
        kept[parse_alike(chosen, len(table))] = True
        return kept

    def drop_unknown(self, table: pd.DataFrame, chosen: Chosen) -> Chosen:
        return chosen if len(parse_alike(chosen, len(table))) else ()


def _count_codes(column: pd.Series, rows: np.ndarray) -> np.ndarray:
    """(categories,) how many of the ``rows`` (n,) are of each category of ``column``."""
    taken = _take(column.cat.codes.to_numpy(), rows)
    counts: np.ndarray = np.bincount(taken + 1, minlength=len(column.cat.categories) + 1)[1:]
    return counts


def _take(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(n,) those of ``values`` (N,) at ``rows``, which are ascending, each once."""
    return values if len(rows) == len(values) else values[rows]


def _number(text: str, default: float) -> float:
    try:
        number = float(text)
    except ValueError:
        return default
    return number if math.isfinite(number) else default
