"""Cases: oeuvres and pairs of labels that do not fit, and the watched artists."""

from dashboard.views.cases.page import render

__all__ = ["render"]
