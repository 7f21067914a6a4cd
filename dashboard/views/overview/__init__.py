"""Overview: what is here, what to look at first, how good the model is, how the run was made."""

from dashboard.views.overview.page import render

__all__ = ["render"]
