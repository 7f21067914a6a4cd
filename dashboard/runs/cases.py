"""A run's cases: which one a link names, and the works that it is about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.runs.open_run import OpenRun


def find_case(opened: OpenRun, name: str) -> pd.Series | None:
    """The row of the run's cases that links call ``name``, if it has it."""
    cases = opened.run.cases
    found = cases[cases["case"] == name]
    return found.iloc[0] if len(found) else None


def find_works(opened: OpenRun, case: pd.Series) -> np.ndarray:
    """(n,) rows of the works that ``case`` is about, in time order, the undated last.

    An artist's works are all of them; of a hand or a pair of labels the most telling ones.
    """
    rows = opened.run.case_rows(str(case["case"]))
    if case["kind"] == "artist":
        own = opened.find_works(str(case["subject"]))
        rows = own if len(own) else rows
    years = opened.table["year"].to_numpy(dtype=float, na_value=np.nan)[rows]
    return rows[np.argsort(years, kind="stable")]
