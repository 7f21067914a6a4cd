"""All labels of a painting in one categorical column: works of several have more than one."""

from __future__ import annotations

from typing import Final

import pandas as pd

EVERY: Final = "labels"  # column of all labels of a painting, the one in front first
_BETWEEN: Final = "\n"  # them: no label has a line break


def split_labels(every: str) -> list[str]:
    """All labels that a value of ``EVERY`` holds, the one in front first."""
    return every.split(_BETWEEN)


def join_labels(given: pd.Series, further: pd.Series) -> pd.Series:
    """The column ``EVERY``; ``further`` holds tuples where there are more labels."""
    joined = [
        _BETWEEN.join((front, *others)) if isinstance(others, tuple) else front
        for front, others in zip(given.astype(object), further, strict=True)
    ]
    return pd.Series(joined, index=given.index, dtype="object").astype("category")
