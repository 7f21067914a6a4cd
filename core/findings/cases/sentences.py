"""Cases in a sentence, with n and the interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from core.text import NBSP, class_name, format_year, percent

_CLOSINGS: Final = {
    "no frame of reference": "Nothing here is like them: a style of their own, not an error.",
    "likely mislabelled": "The two styles are neighbours, or the works carry both labels.",
    "mixed oeuvre": "The given styles follow each other over the years.",
    "seen elsewhere": "Why is open.",
}


def name_case(row: Mapping[Any, Any] | pd.Series) -> str:
    """``"Hilma af Klint"``, ``"Cubism and Expressionism"``."""
    if row["kind"] == "artist":
        return str(row["subject"])
    return f"{class_name(str(row['given']))} and {class_name(str(row['predicted']))}"


def describe_artist(row: Mapping[str, Any]) -> str:
    """One to three sentences on an artist's case, from a row of ``schema.CASES``."""
    name, works, kind = row["subject"], int(row["works"]), row["type"]
    if kind == "no works":
        return f"{name}: no works in this collection."
    if kind == "too few to say":
        return f"{name}: too few to say (n = {works})."
    parts = [f"{name}, {count_works(works)}, mostly labelled {class_name(row['given'])}:"]
    parts.append(
        f"{percent(row['observed'])} is seen in other styles, {percent(row['expected'])} is usual "
        f"(shift {row['shift']:+.2f}, 95{NBSP}% interval {row['shift_low']:+.2f} to "
        f"{row['shift_high']:+.2f})."
    )
    if kind == "as expected":
        return " ".join(parts)
    if kind != "mixed oeuvre":
        share = percent(row["consistency"])
        parts.append(f"{share} of the works are seen as {class_name(row['predicted'])}.")
    if kind == "label arguable":
        parts.append(
            f"Painted {span(row)}; {class_name(row['predicted'])} here begins in "
            f"{row['predicted_begins']}."
        )
    if kind in _CLOSINGS:
        parts.append(_CLOSINGS[kind])
    return " ".join(parts)


def describe_pair(row: Mapping[str, Any]) -> str:
    """One sentence on two labels that overlap."""
    first, second = class_name(row["given"]), class_name(row["predicted"])
    seen = (
        f"{percent(row['observed'])} of the works under either is seen as the other, "
        f"{percent(row['expected'])} is usual"
    )
    if row["shared"]:
        files = "picture is" if row["shared"] == 1 else "pictures are"
        return f"{first} and {second}: {row['shared']} {files} filed under both; {seen}."
    return f"{first} and {second}: {seen}."


def count_works(works: int) -> str:
    """``"1 work"``, ``"7 works"``."""
    return "1 work" if works == 1 else f"{works:,} works"


def span(row: Mapping[str, Any]) -> str:
    """``"1905 to 1913"``, or the one year."""
    first, last = row["first_year"], row["last_year"]
    if pd.isna(first):
        return "in years unknown"
    return format_year(first) if first == last else f"{format_year(first)} to {format_year(last)}"
