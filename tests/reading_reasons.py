"""Reasons of a table in memory, as a run's reader gives those of the table on disk."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.artifacts.reasons import Reason, take_reasons


def read_reasons(table: pd.DataFrame, rows: ArrayLike) -> list[list[Reason]]:
    """The reasons in ``table`` of each of the paintings ``rows``."""
    taken = take_reasons(table, rows)
    columns = (taken[name].tolist() for name in ("row", "kind", "weight", "values"))
    read: list[list[Reason]] = [[] for _ in np.asarray(rows)]
    for place, kind, weight, values in zip(*columns, strict=True):
        read[place].append(Reason(kind, weight, json.loads(values)))
    return read
