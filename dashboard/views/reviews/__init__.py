"""Reviews: the queue of doubtful labels, verdicts, disagreements, export and import."""

from dashboard.views.reviews.page import render

__all__ = ["render"]
