"""Style map: the whole collection, similar pictures near each other."""

from dashboard.views.style_map.page import render

__all__ = ["render"]
