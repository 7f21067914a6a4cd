"""What a process that reads hostile files may use, from the moment it says so itself."""

from __future__ import annotations

import resource
from contextlib import suppress
from typing import Final

OPEN_FILES: Final = 32


def limit_resources(memory_bytes: int) -> None:
    """No files written, few opened, no core dumps, bounded memory, from now on."""
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    for kind, value in limits.items():
        with suppress(ValueError, OSError):  # macOS knows some of them in name only
            resource.setrlimit(kind, (value, value))
