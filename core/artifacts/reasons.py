"""Reasons as a run stores them: rows of ``schema.REASONS``, in the order shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


class Reason(NamedTuple):
    """One piece of evidence for or against a label. ``weight`` in nats, above 0 speaks against the
    label.

    ``values``: the scalars that its sentence is written from (``core.findings.labels.reasons``).
    """

    kind: str
    weight: float
    values: dict[str, Any]

    @property
    def is_against(self) -> bool:
        """Whether it speaks against the given label; otherwise it supports it or is neutral."""
        return self.weight > 0


def build_reasons(told: Iterable[Iterable[Reason]]) -> pd.DataFrame:
    """Columns of ``schema.REASONS``: the reasons of painting 0, 1, ..., as they come.

    A million paintings have millions of reasons: of a generator no more than one painting's are
    held as objects.
    """
    rows: list[int] = []
    kinds: list[str] = []
    weights: list[float] = []
    values: list[str] = []
    for row, reasons in enumerate(told):
        for each in reasons:
            rows.append(row)
            kinds.append(each.kind)
            weights.append(each.weight)
            values.append(json.dumps(each.values, ensure_ascii=False))
    return pd.DataFrame({"row": rows, "kind": kinds, "weight": weights, "values": values})


def take_reasons(table: pd.DataFrame, rows: ArrayLike) -> pd.DataFrame:
    """The reasons in ``table`` of the paintings ``rows``; ``row`` is the place among ``rows``."""
    listed, asked = table["row"].to_numpy(dtype=np.int32), np.asarray(rows, dtype=np.int32)
    places, of = spread(*(np.searchsorted(listed, asked, side) for side in ("left", "right")))
    return table.iloc[places].assign(row=of)


def spread(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m,) the numbers from each of ``starts`` (n,) to before its end, and which of n each is."""
    counts = ends - starts
    after = np.cumsum(counts)
    places = np.arange(counts.sum()) + np.repeat(starts - (after - counts), counts)
    return places, np.repeat(np.arange(len(starts)), counts)
