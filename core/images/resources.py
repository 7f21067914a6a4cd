"""Resource limits that a process sets on itself before it reads hostile files."""

from __future__ import annotations

import resource
from contextlib import suppress
from typing import Final

OPEN_FILES: Final = 32


def limit_resources(memory_bytes: int) -> None:
    """From now on: no file written, few opened, no core dumps, bounded memory."""
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    for kind, value in limits.items():
        with suppress(ValueError, OSError):  # macOS defines some limits but does not enforce them
            resource.setrlimit(kind, (value, value))
