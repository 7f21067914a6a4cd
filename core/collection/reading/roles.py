"""Which column of a table plays which role.

Columns are found by name, in any case and with spaces, dots or hyphens for ``_`` (see
``SYNONYMS``), or named by a flag. A column with a role's own name (``style``) takes precedence over
its synonyms (``movement``); two synonyms of one role are ambiguous and refused.
"""

from __future__ import annotations

import re
from typing import Final

from core.collection.errors import CollectionError

SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "key": ("id", "object_id", "accession_number", "accession_no", "inventory_number"),
    "file": ("filename", "file_name", "image", "image_file", "image_path", "path", "filepath"),
    "title": ("name", "object_title", "work_title"),
    "artist": ("maker", "creator", "painter", "artist_name", "artist_display_name", "author"),
    "year": ("date", "end_date", "object_end_date", "date_end", "completion_year", "object_date"),
    "style": ("movement", "period", "art_style", "school"),
    "genre": ("subject", "classification", "category"),
    "split": ("subset", "fold_split"),
}
REQUIRED: Final = ("file", "style")


def find_columns(names: list[str], flags: dict[str, str], *, where: str) -> dict[str, str]:
    """Which column plays which role. Raises ``CollectionError`` as ``open_museum`` says."""
    chosen: dict[str, str] = {}
    for role, synonyms in SYNONYMS.items():
        if role in flags:
            chosen[role] = _flagged_column(names, role, flags[role], where)
            continue
        candidates = [name for name in names if _plain(name) == role]
        candidates = candidates or [name for name in names if _plain(name) in synonyms]
        if len(candidates) > 1:
            raise CollectionError(
                f"{where} has {len(candidates)} columns that may hold the {role}",
                found=", ".join(candidates),
                expected="one",
                remedy=f"Say which with --{role}-column.",
            )
        if candidates:
            chosen[role] = candidates[0]
        elif role in REQUIRED:
            raise CollectionError(
                f"{where} has no column for the {role}",
                found=f"the columns {', '.join(names)}",
                expected=f"one named {role}, or {', '.join(synonyms)}",
                remedy=f"Say which with --{role}-column.",
            )
    return chosen


def _flagged_column(names: list[str], role: str, wanted: str, where: str) -> str:
    same = [name for name in names if name == wanted] or [
        name for name in names if _plain(name) == _plain(wanted)
    ]
    if len(same) == 1:
        return same[0]
    raise CollectionError(
        f"{where} has no column '{wanted}' for the {role}",
        found=f"the columns {', '.join(names)}",
        remedy=f"Give one of these with --{role}-column.",
    )


def is_known_name(name: str) -> bool:
    """Whether a column of this name is found without a flag."""
    plain = _plain(name)
    return plain in SYNONYMS or any(plain in synonyms for synonyms in SYNONYMS.values())


def base_name(name: str) -> str:
    """``"style (2nd)"`` -> ``"style"``: what a doubled column is called in the header."""
    return re.sub(r" \(\d+(?:st|nd|rd|th)\)'*$", "", name)


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", base_name(name).casefold()).strip("_")
