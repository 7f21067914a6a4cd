"""The names that verdicts and sets carry: who a reviewer is, and what no name may hold."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Control characters, format characters (zero width, right to left), line and paragraph separators,
# halves of characters: they make two names look like one, or one like another.
HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# Invisible, but required between letters in Persian and Indian scripts.
JOINERS: Final = frozenset("\u200c\u200d")
UNCASED: Final = frozenset(("Lo", "Mn", "Mc"))
_ADDRESS: Final = r"[^\s@,()]+@[^\s@,()]+"
_SIGNED: Final = re.compile(rf"(?:.*, )?({_ADDRESS})( \([^()@]+\))?")


def canonical_reviewer(name: str) -> str:
    """The reviewer behind ``name``: its address in lower case, or the name itself without one.

    An address is one person, whatever display name stands before it: ``Ada Lovelace,
    Ada@museum.org`` and ``ada@museum.org`` are one. The provider that vouches for it, where the
    museum has several, stays: ``ada@museum.org (entra)``.
    """
    tidied = unicodedata.normalize("NFC", name).strip()
    signed = _SIGNED.fullmatch(tidied)
    return tidied if signed is None else (signed[1] + (signed[2] or "")).lower()


def find_hidden(text: str) -> str | None:
    """The first invisible character of ``text``, as ``U+202E``; None where there is none."""
    hidden = (f"U+{ord(text[at]):04X}" for at in range(len(text)) if _is_hidden(text, at))
    return next(hidden, None)


def drop_hidden(text: str) -> str:
    """``text`` without invisible characters, for display."""
    return "".join(text[at] for at in range(len(text)) if not _is_hidden(text, at))


def _is_hidden(text: str, at: int) -> bool:
    if unicodedata.category(text[at]) not in HIDDEN:
        return False
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    is_spelling = text[at] in JOINERS and len(around) == 2
    return not (is_spelling and all(unicodedata.category(c) in UNCASED for c in around))
