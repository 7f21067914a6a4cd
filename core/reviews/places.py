"""What a verdict is on: a painting, a task and, of several labels, which one."""

from __future__ import annotations

from typing import Final

import pandas as pd

PLACE: Final = ("key", "task", "of_several")


def find_places(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns ``PLACE`` of ``rows`` of the log; empty where a work has one label."""
    places: pd.DataFrame = rows[list(PLACE)]
    return places.assign(of_several=places["of_several"].fillna(""))
