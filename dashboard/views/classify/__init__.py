"""Classify: drop in pictures and see the model's answers. Nothing is kept on disk."""

from dashboard.views.classify.page import render

__all__ = ["render"]
