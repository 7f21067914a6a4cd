"""Painting: one work up close, its findings and verdicts, and similar works."""

from dashboard.views.painting.page import render

__all__ = ["render"]
