"""Reviews: the queue of doubtful labels, what was said so far, who disagrees, and the way out."""

from dashboard.views.reviews.page import render

__all__ = ["render"]
