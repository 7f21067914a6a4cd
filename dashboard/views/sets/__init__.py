"""Sets: selections saved under a name."""

from dashboard.views.sets.page import render

__all__ = ["render"]
