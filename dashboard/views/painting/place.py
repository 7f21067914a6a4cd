"""The list that a painting was opened from, with the same filters, outlines and order.

*Next*, *previous* and *4 of 213* on a painting's page therefore need only the link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dashboard.runs.cases import find_case, find_works
from dashboard.runs.open_run import OpenRun
from dashboard.selection.layout import Layout
from dashboard.selection.select import select
from dashboard.session import state

LAYOUTS: Final[dict[str, Layout]] = {"outliers": "quadrants", "map": "map"}


@dataclass(frozen=True)
class Place:
    """Where a painting stands in its list: ``number`` of ``paintings``, 1 up, and neighbours."""

    number: int
    paintings: int
    previous: str
    following: str


def list_keys(opened: OpenRun, origin: str) -> pd.Series:
    """Keys of the paintings that the page at ``origin`` lists, in its order."""
    now = state.current()
    case = find_case(opened, now.case) if origin == "cases" else None
    if case is not None:
        return opened.table["key"].iloc[find_works(opened, case)]
    return opened.table["key"].iloc[select(opened, now, LAYOUTS.get(origin)).rows]


def find_place(listed: pd.Series, key: str) -> Place | None:
    """The place of ``key`` among the keys ``listed``; None if it is not there."""
    found = np.flatnonzero((listed == key).to_numpy())
    if not len(found):
        return None
    place = int(found[0])
    return Place(
        number=place + 1,
        paintings=len(listed),
        previous=str(listed.iloc[place - 1]) if place else "",
        following=str(listed.iloc[place + 1]) if place + 1 < len(listed) else "",
    )
