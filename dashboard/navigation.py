"""Which pages there are: their paths and titles, in the order in which they are offered.

``dashboard.home`` draws them. What only serves them needs no more than this, and starts sooner.
"""

from __future__ import annotations

from typing import Final

from dashboard.settings import Settings

FIRST_PAGE: Final = "overview"
PAINTING_PAGE: Final = "painting"
# By path. Titles are texts for ``LabelWord.fill``.
PAGES: Final = {
    FIRST_PAGE: "Overview",
    "outliers": "Outliers",
    "map": "{Style} map",
    "cases": "Cases",
    "sets": "Sets",
    "reviews": "Reviews",
    "compare": "Compare",
    "classify": "Classify",
    PAINTING_PAGE: "Painting",
}
# Pages that need no run. Each is there only where its setting is.
LONE_PAGES: Final = {"new-collection": "New collection"}
HIDDEN: Final = frozenset({PAINTING_PAGE})  # opened from other pages, not in the navigation


def list_paths(settings: Settings) -> list[str]:
    """Paths of the pages that there are under ``settings``."""
    return [*PAGES, *(LONE_PAGES if settings.collections is not None else ())]
