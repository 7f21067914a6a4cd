"""Every key that does something, once: buttons take theirs from here, the help sheet lists them."""

from __future__ import annotations

from typing import Final

from core.reviews import Verdict
from dashboard.selection.verdicts import VERDICT_NAMES

VERDICT_KEYS: Final[dict[Verdict, str]] = {
    "right": "1",
    "outlier": "2",
    "wrong": "3",
    "unsure": "4",
    "bad image": "5",
}
UNDO: Final = "U"
SKIP: Final = "N"
BACK: Final = "B"
NEXT: Final = "J"
PREVIOUS: Final = "K"
PICTURES: Final = "G"
HELP: Final = "?"

Section = tuple[str, tuple[tuple[str, str], ...]]

_VERDICTS: Final = tuple((key, VERDICT_NAMES[verdict]) for verdict, key in VERDICT_KEYS.items())
_ANYWHERE: Final[Section] = (
    "Anywhere",
    (
        (HELP, "This list"),
        ("Esc", "Close what is open"),
        ("Tab", "To the next link, field or button; with Shift to the one before"),
    ),
)
_GALLERY: Final[Section] = (
    "Pictures",
    (
        (PICTURES, "To the pictures"),
        ("← ↑ → ↓", "From picture to picture"),
        ("Home, End", "To the first, the last"),
        ("Enter", "Open the picture in focus"),
    ),
)
_JUDGED_GALLERY: Final[Section] = ("The picture in focus", (*_VERDICTS, (UNDO, "Take it back")))
_CLOUD: Final[Section] = (
    "The points, once they have the focus",
    (
        ("← ↑ → ↓", "Move"),
        ("+, −", "Zoom"),
        ("0", "Show everything"),
        ("M, L, B", "Move, draw around points, draw a box"),
        ("Enter", "Open the painting in the middle"),
        ("Esc", "Clear the selection"),
    ),
)
_PAINTING: Final[Section] = (
    "This painting",
    (
        (NEXT, "Next in the list"),
        (PREVIOUS, "Previous in the list"),
        (BACK, "Back to the list"),
        *_VERDICTS,
        (UNDO, "Take your last verdict back"),
        ("+, −, ← ↑ → ↓", "Zoom and move the picture, once it has the focus"),
    ),
)
_DESK: Final[Section] = (
    "The painting in the queue",
    (*_VERDICTS, (SKIP, "Skip it"), (UNDO, "Take your last verdict back")),
)
_STORY: Final[Section] = ("This case", ((BACK, "Back to all cases"),))

_PAGES: Final[dict[str, tuple[Section, ...]]] = {
    "outliers": (_GALLERY, _JUDGED_GALLERY, _CLOUD),
    "map": (_GALLERY, _JUDGED_GALLERY, _CLOUD),
    "cases": (_GALLERY, _STORY),
    "reviews": (_DESK, _GALLERY),
    "painting": (_PAINTING, _GALLERY),
    "classify": (_GALLERY, _CLOUD),
}


def list_shortcuts(page: str) -> tuple[Section, ...]:
    """What the keys do on ``page``: headings, and under each (keys, what they do)."""
    return (*_PAGES.get(page, (_GALLERY,)), _ANYWHERE)
