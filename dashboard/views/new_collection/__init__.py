"""New collection: a museum's table looked at before anything is trained on it."""

from dashboard.views.new_collection.page import render

__all__ = ["render"]
