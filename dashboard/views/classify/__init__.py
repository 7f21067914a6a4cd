"""Classify: drop in pictures, see what the model makes of them. Nothing is kept on disk."""

from dashboard.views.classify.page import render

__all__ = ["render"]
