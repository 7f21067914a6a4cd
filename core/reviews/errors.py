"""Why the verdicts cannot be read or written."""

from core.errors import UserError


class ReviewsError(UserError):
    """The database of verdicts cannot be used."""


class ReviewsReadOnly(ReviewsError):
    """Verdicts can be read, not recorded."""


class ReviewsNewer(ReviewsError):
    """A newer version of this program wrote the database."""


class VerdictRefused(UserError):
    """What was to be recorded is no verdict."""


class SetRefused(UserError):
    """What was to be kept is no set of paintings."""
