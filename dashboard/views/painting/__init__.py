"""Painting: one work up close, what was said of it and why, and what it resembles."""

from dashboard.views.painting.page import render

__all__ = ["render"]
