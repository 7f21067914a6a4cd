"""Changes of the sets and worklists in the database."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import UserError
from core.reviews import ReviewLog
from dashboard.access import sign_in
from dashboard.runs import review_cache
from dashboard.session import messages


def change_log(make: Callable[[ReviewLog], object]) -> bool:
    """Whether ``make`` changed the log; if not, the reason is shown."""
    try:
        sign_in.require_reviewer()
        make(review_cache.open_reviews())
        review_cache.look_again()
    except UserError as error:
        messages.warn(str(error))
        return False
    return True
