"""What goes wrong when a collection is read."""

from __future__ import annotations

from core.errors import UserError


class CollectionError(UserError):
    """The source cannot be read as a collection of paintings."""
