"""Names and sentences as a curator reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import pandas as pd

from core.label_word import STYLE, LabelWord

NBSP: Final = "\u00a0"
# Characters that disturb the text around them or cannot be encoded: control characters, line
# separators, direction changes, lone surrogates.
SURROGATES: Final = "\ud800-\udfff"
UNSHOWN: Final = f"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069{SURROGATES}"
_UNSHOWN: Final = re.compile(f"[{UNSHOWN}]+")

_SPECIAL_NAMES: Final = {
    "Art_Nouveau_Modern": "Art Nouveau (Modern)",
    "Mannerism_Late_Renaissance": "Mannerism (Late Renaissance)",
    "Naive_Art_Primitivism": "Naïve Art (Primitivism)",
    "Post_Impressionism": "Post-Impressionism",
    "Ukiyo_e": "Ukiyo-e",
}


def class_name(name: str) -> str:
    """``"Post_Impressionism"`` -> ``"Post-Impressionism"``; for styles, artists and genres."""
    if name in _SPECIAL_NAMES:
        return _SPECIAL_NAMES[name]
    spaced = " ".join(name.replace("_", " ").split())
    return spaced[:1].upper() + spaced[1:]


def is_line(text: str) -> bool:
    """Whether ``text`` is one line without hidden characters."""
    return _UNSHOWN.search(text) is None


def show_line(text: str, most: int = 300) -> str:
    """Any text as one line of at most ``most`` characters: none of ``UNSHOWN``."""
    line = _UNSHOWN.sub(" ", text[: 4 * most]).strip()
    return line if len(line) <= most else f"{line[: most - 1]}…"


def percent(share: float) -> str:
    """``0.974`` -> ``"97 %"``; a share strictly between 0 and 1 is never shown as 0 or 100 %."""
    if 0 < share < 0.005:
        return f"under{NBSP}1{NBSP}%"
    if 0.995 <= share < 1:
        return f"over{NBSP}99{NBSP}%"
    return f"{share * 100:.0f}{NBSP}%"


def percent_exact(share: float) -> str:
    """``0.6123`` -> ``"61.2 %"``, for figures that are compared."""
    return f"{share * 100:.1f}{NBSP}%"


def format_year(year: float) -> str:
    """``1906`` -> ``"1906"``, ``-300`` -> ``"300 BCE"``."""
    return f"{-round(year)}{NBSP}BCE" if year < 0 else str(round(year))


def format_years(first: float, last: float) -> str:
    """``"1905 to 1913"``, or the one year."""
    return format_year(first) if first == last else f"{format_year(first)} to {format_year(last)}"


def day(moment: datetime) -> str:
    """``"23 November 2026, 14:05"``."""
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def painting_title(painting: Mapping[Any, Any]) -> str:
    return "Untitled" if is_missing(painting["title"]) else str(painting["title"])


def painting_byline(painting: Mapping[Any, Any]) -> str:
    """``"Hilma af Klint, 1915"``."""
    artist = "Unknown artist" if is_missing(painting["artist"]) else str(painting["artist"])
    return artist if is_missing(painting["year"]) else f"{artist}, {format_year(painting['year'])}"


def verdict_sentence(painting: Mapping[Any, Any], word: LabelWord = STYLE) -> str:
    """The label and the model's answer, in one sentence.

    ``painting`` has ``given``, ``predicted`` and ``confidence``; any may be missing.
    """
    given = painting.get("given")
    none = f"No {word.singular} label"
    label = none if is_missing(given) else f"Labelled {class_name(str(given))}"
    return f"{label}; {model_clause(painting)}"


def model_clause(painting: Mapping[Any, Any]) -> str:
    """The model's answer alone, for where the label stands already; ``verdict_sentence``'s end."""
    predicted = painting.get("predicted")
    if is_missing(predicted):
        return "not judged in this run"
    sure = f"{percent(float(painting['confidence']))} sure"
    if painting.get("given") == predicted:
        return f"the model agrees, {sure}"
    return f"the model sees {class_name(str(predicted))}, {sure}"


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing to show."""
    return bool(pd.isna(value)) or value == ""  # type: ignore[call-overload]


def format_seconds(seconds: float) -> str:
    """``75`` -> ``"1 min 15 s"``; below ten seconds with one decimal."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
