"""The log: a JSON line an event on standard error, without names (``--log``)."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

LOGGER: Final = logging.getLogger("artextract.requests")


def tell(event: str, **facts: Any) -> None:
    """One line of the log: a JSON object with the time and what happened."""
    if LOGGER.isEnabledFor(logging.INFO):
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        LOGGER.info(json.dumps({"time": now, "event": event, **facts}))


def write_log() -> None:
    """Sends the lines to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
