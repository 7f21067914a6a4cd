"""Outliers: which labels the model doubts, and how sure it is of another style."""

from dashboard.views.outliers.page import render

__all__ = ["render"]
