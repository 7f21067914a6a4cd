"""Whether an upload resembles the collection: ``core.findings.novelty``, for one picture."""

from __future__ import annotations

from dataclasses import dataclass

from core.findings.novelty import UNLIKE, UNUSUAL


@dataclass(frozen=True)
class Novelty:
    """``value``: 0 is the collection's middle, 1 its outer fence; any, high is unlike it."""

    value: float

    @property
    def is_unlike(self) -> bool:
        """Whether the picture is called unlike anything here."""
        return self.value >= UNLIKE

    @property
    def is_unusual(self) -> bool:
        """Whether to treat the answer with caution, though the picture is not unlike everything."""
        return UNUSUAL <= self.value < UNLIKE
