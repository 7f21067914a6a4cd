"""Whether a secret could be guessed: too short, too regular, or copied from an example."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from itertools import pairwise
from typing import Final

LENGTH: Final = 32  # characters
BITS: Final = 90.0  # of 32 random hexadecimal characters, the worst of 20,000 had 93
PACKED_BYTES: Final = 24  # below this, a compressor found repetitions
STEPS: Final = 0.5  # share of characters that follow the one before: "abcd", "aaaa", "4321"
SAMPLES: Final = (
    *("changeme", "change_me", "change-me", "replaceme", "replace_me", "example", "sample"),
    *("secret", "password", "passwort", "cookie", "qwerty", "asdfgh", "letmein", "streamlit"),
    *("artextract", "curator", "museum", "lorem", "dummy", "default", "placeholder", "xxxxxx"),
    *("correcthorse", "quickbrownfox"),
)


def find_weakness(secret: str) -> str | None:
    """What is wrong with ``secret``, in a word or two; None for a good one."""
    if len(secret) < LENGTH:
        return "too short"
    if any(sample in secret.casefold() for sample in SAMPLES):
        return "one of the first that anyone would try"
    if (secret * 2).index(secret, 1) < len(secret):
        return "a repetition"
    if _count_bits(secret) < BITS or _pack(secret) < PACKED_BYTES or _count_steps(secret) > STEPS:
        return "too regular"
    return None


def _count_bits(secret: str) -> float:
    """Shannon's entropy of the characters, in bits, over the whole length."""
    counts = Counter(secret).values()
    return -sum(n * math.log2(n / len(secret)) for n in counts)


def _pack(secret: str) -> int:
    return len(zlib.compress(secret.encode(), 9)) - len(zlib.compress(b"", 9))


def _count_steps(secret: str) -> float:
    return sum(abs(ord(a) - ord(b)) <= 1 for a, b in pairwise(secret)) / (len(secret) - 1)
