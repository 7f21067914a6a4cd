"""Compare: what changed between two runs over the same paintings."""

from dashboard.views.compare.page import render

__all__ = ["render"]
