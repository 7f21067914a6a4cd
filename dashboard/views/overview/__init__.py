"""Overview: the collection, where to start, how good the model is, how the run was made."""

from dashboard.views.overview.page import render

__all__ = ["render"]
