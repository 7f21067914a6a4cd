"""How long, how large, how often and how many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.fetch.errors import FetchError
from core.sizes import MEGABYTE

_FLAGS: Final = {"most_bytes": "max-megabytes", "whole": "max-seconds"}


@dataclass(frozen=True)
class Limits:
    """Bounds of every request; seconds, bytes and counts, each above 0.

    ``read``: the longest silence. ``whole``: one answer up to its last byte. ``tries``: of one
    picture, the first included. ``patience``: the longest wait that a host may ask for.
    ``absences``: pictures in a row for which nobody answers before the host is given up.
    """

    per_host: int = 4
    hosts: int = 16  # at once
    most_bytes: int = 200 * MEGABYTE
    connect: float = 10.0
    read: float = 30.0
    whole: float = 300.0
    redirects: int = 5
    tries: int = 5
    backoff: float = 1.0  # seconds before the second try; doubled for each further one
    patience: float = 300.0
    absences: int = 8

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise FetchError(
                    f"--{_FLAGS.get(name, name.replace('_', '-'))} is out of range",
                    found=f"{value:g}",
                    expected="a number above 0",
                )
