"""All labels of a painting in one categorical column: works of several have more than one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

EVERY: Final = "labels"  # column of all labels of a painting, the one in front first
_BETWEEN: Final = "\n"  # them: no label has a line break


@dataclass(frozen=True)
class Tally:
    """How many of ``works``, those that have any label, carry each of ``labels``."""

    labels: Counter[str] = field(default_factory=Counter)
    works: int = 0

    def find_commonest(self) -> tuple[str, int]:
        """The label that most works have, and how many; the first of the likeliest where several.

        ``("", 0)`` without works.
        """
        label = max(self.labels, key=self.labels.__getitem__, default="")
        return label, self.labels[label]

    def without(self, works: Iterable[Collection[str]]) -> Tally:
        """What is left once ``works``, the labels of each, are taken out."""
        taken = count_labels(works)
        left = self.labels.copy()
        left.subtract(taken.labels)
        return Tally(left, self.works - taken.works)


def count_labels(works: Iterable[Collection[str]]) -> Tally:
    """The tally of ``works``: the labels of each."""
    labelled = [labels for labels in works if labels]
    return Tally(Counter(label for labels in labelled for label in labels), len(labelled))


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
