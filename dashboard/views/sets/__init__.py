"""Sets: selections that were given a name, to come back to."""

from dashboard.views.sets.page import render

__all__ = ["render"]
