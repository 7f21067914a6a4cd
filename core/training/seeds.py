"""Seeds derived from one: each use has its own, so no use depends on another's draws."""

from __future__ import annotations

import hashlib


def derive_seed(*parts: int | str) -> int:
    """A seed in 0..2**63-1 that is a function of ``parts`` alone."""
    text = "/".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
