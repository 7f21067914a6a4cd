"""Why the verdicts cannot be read or written."""

from core.errors import UserError


class ReviewsError(UserError):
    """The database of verdicts cannot be used."""


class ReviewsReadOnly(ReviewsError):
    """Verdicts can be read, but not recorded."""


class ReviewsNewer(ReviewsError):
    """A newer version of this program wrote the database."""


class VerdictRefused(UserError):
    """The verdict is invalid."""


class SetRefused(UserError):
    """The set of paintings is invalid."""


class WorklistRefused(UserError):
    """The worklist is invalid."""
