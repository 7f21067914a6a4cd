"""The option ``--reviews`` of the command lines."""

from __future__ import annotations

import os
from typing import Annotated

import tyro

from core.reviews.urls import PLACE, REVIEWS

# The default is not shown: it may hold a password.
ReviewsPlace = Annotated[
    str,
    tyro.conf.arg(metavar="PATH|URL", help_behavior_hint=f"(default: {REVIEWS}, or {PLACE})"),
]
"""Path of the SQLite database of verdicts, or a PostgreSQL URL."""


def find_place() -> str:
    """What the environment names, else the usual place."""
    return os.environ.get(REVIEWS) or PLACE
