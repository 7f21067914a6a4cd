"""Wording of counts and lists of names in notes and errors."""

from __future__ import annotations

from collections.abc import Sequence


def count_of(number: int, noun: str) -> str:
    """``"1 style"``, ``"1,200 styles"``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def list_some(names: Sequence[str], most: int = 5) -> str:
    """``"a, b, c, ..."``: the first few names, undecodable bytes of file names escaped."""
    shown = ", ".join(names[:most]).encode("utf-8", "backslashreplace").decode("utf-8")
    return shown + (", ..." if len(names) > most else "")


def name_some(names: Sequence[str], most: int = 3) -> str:
    """``"4 (a, b, c, ...)"``: a count with a few of the names."""
    return f"{len(names):,} ({list_some(names, most)})"
