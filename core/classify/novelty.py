"""Whether an upload is like anything in the collection: ``core.findings.novelty``, put to use."""

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
        """Whether the answer is to be taken with care, though the picture is not unlike all."""
        return UNUSUAL <= self.value < UNLIKE
