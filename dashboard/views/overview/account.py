"""What became of everything that the source held, as a table of a few lines."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.collection.wording import list_some
from dashboard.words import count

ACCOUNT: Final = ("What", "Was", "Reason", "Which")
NAMED: Final = 5  # of each line


def summarise(account: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """One line for each kind, fate and reason of ``account``: how many, and the first names.

    What was read is not named.
    """
    lines = []
    for key, names in account.fillna("").groupby(["kind", "fate", "reason"], sort=False)["name"]:
        kind, fate, reason = map(str, key)
        named = "" if fate == "read" else list_some(names.tolist(), NAMED)
        lines.append((count(len(names), kind), fate, reason, named))
    return lines
