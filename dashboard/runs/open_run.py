"""A run with its table, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.artifacts import Run, Thresholds
from core.findings.labels.reasons import Told, tell_rows
from dashboard.selection.facets import Facet, list_offered
from dashboard.selection.filters import place_quadrants
from dashboard.selection.layout import compute_ceiling, list_colours
from dashboard.selection.order import known_order, order_paintings


@dataclass(frozen=True)
class OpenRun:
    """A run and its table: a row a painting, with its style scores, findings and map position."""

    run: Run
    table: pd.DataFrame
    orders: dict[str, np.ndarray] = field(default_factory=dict)  # by name, each sorted once

    @property
    def thresholds(self) -> Thresholds:
        """The run's own thresholds between the quadrants."""
        return self.run.manifest.thresholds

    @cached_property
    def keys(self) -> pd.Index:
        """(N,) keys of the paintings, quick to look many up in."""
        index: pd.Index = pd.Index(self.table["key"].to_numpy(dtype=object))
        return index

    @cached_property
    def facets(self) -> list[Facet]:
        """The filters that its paintings can have."""
        return list_offered(self.table)

    @cached_property
    def colours(self) -> dict[str, str]:
        """What its points can be coloured by, with their labels."""
        return list_colours(self.table)

    def tell(self, rows: ArrayLike) -> list[Told]:
        """What bears on the label of each of the paintings ``rows``, in sentences.

        Raises ``ArtifactBroken`` for reasons that make none.
        """
        return tell_rows(self.run, rows)

    def place_quadrants(self, thresholds: tuple[float, float]) -> pd.DataFrame:
        """``table`` with the quadrants by ``thresholds`` (loss, confidence)."""
        own = self.thresholds
        is_own = thresholds == (own.loss, own.confidence)
        return self.table if is_own else place_quadrants(self.table, *thresholds)

    @cached_property
    def ceiling(self) -> float:
        """The highest loss that charts draw."""
        return compute_ceiling(self.table["loss"], self.thresholds.loss)

    def order(self, name: str) -> np.ndarray:
        """(N,) its rows by one of ``selection.order.ORDERS``."""
        known = known_order(name)
        if known not in self.orders:
            self.orders[known] = order_paintings(self.table, known)
        return self.orders[known]
