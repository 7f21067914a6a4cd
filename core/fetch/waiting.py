"""How long to wait before asking again: what the host says, else longer each time."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses that may pass


def read_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds of a ``Retry-After``, a number or an HTTP date; 0 for one gone by, None for neither.

    RFC 9110, 10.2.3.
    """
    text = (value or "").strip()
    if re.fullmatch(r"\d{1,9}", text):
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


def choose_wait(tries: int, first: float) -> float:
    """Seconds before another try after ``tries``: between half and all of ``first`` * 2^(tries-1).

    Drawn at random, so that many do not ask again at one time.
    """
    longest = first * 2.0 ** (tries - 1)
    return random.uniform(longest / 2, longest)
