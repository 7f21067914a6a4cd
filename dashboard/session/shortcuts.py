"""Every keyboard shortcut, once: buttons take theirs from here, and the help lists them."""

from __future__ import annotations

from typing import Final

from core.label_word import STYLE, LabelWord
from core.reviews import Verdict
from core.reviews.entry import OF_ARTISTS, list_verdicts
from dashboard.selection.verdicts import VERDICT_NAMES

VERDICT_KEYS: Final[dict[Verdict, str]] = {
    "right": "1",
    "outlier": "2",
    "wrong": "3",
    "unsure": "4",
    "bad image": "5",
    "several hands": "6",
}
UNDO: Final = "U"
REDO: Final = "Y"
COMPARE: Final = "C"
SKIP: Final = "N"
BACK: Final = "B"
NEXT: Final = "J"
PREVIOUS: Final = "K"
PICTURES: Final = "G"
TICK: Final = "X"
SEARCH: Final = "/"
HELP: Final = "?"

Section = tuple[str, tuple[tuple[str, str], ...]]

_VERDICTS: Final = tuple(
    (key, VERDICT_NAMES[verdict] + (", where artists are judged" if verdict in OF_ARTISTS else ""))
    for verdict, key in VERDICT_KEYS.items()
)
_ANYWHERE: Final[Section] = (
    "Anywhere",
    (
        (HELP, "This list"),
        (SEARCH, "Search"),
        ("Esc", "Close what is open"),
        ("Tab", "Next link, field or button; with Shift the previous one"),
    ),
)
_GALLERY: Final[Section] = (
    "Pictures",
    (
        (PICTURES, "Go to the pictures"),
        ("← ↑ → ↓", "Move between pictures"),
        ("Home, End", "First or last picture"),
        ("Enter", "Open the focused picture"),
    ),
)
_JUDGED_GALLERY: Final[Section] = (
    "The focused picture",  # after the verdicts
    ((UNDO, "Undo your verdict"), (TICK, "Tick it, or take its tick back")),
)
_CLOUD: Final[Section] = (
    "The point cloud, when focused",
    (
        ("← ↑ → ↓", "Move"),
        ("+, −", "Zoom"),
        ("0", "Show everything"),
        ("M, L, B", "Move, draw around points, draw a box"),
        ("Enter", "Open the painting at the cross"),
        ("Esc", "Clear the selection"),
    ),
)
_PEN: Final[Section] = (
    "Drawing on it, after L or B",
    (
        ("← ↑ → ↓", "Move the pen; with Shift in small steps"),
        ("Space", "Set a corner"),
        ("Enter", "Select what is inside; with Shift as well"),
    ),
)
_PAINTING: Final[Section] = (
    "This painting",
    (
        (NEXT, "Next in the list"),
        (PREVIOUS, "Previous in the list"),
        (BACK, "Back to the list"),
        *_VERDICTS,
        (UNDO, "Undo your last verdict"),
        (REDO, "Record again what was undone"),
        ("+, −, ← ↑ → ↓", "Zoom and pan the picture, when focused"),
    ),
)
_DESK: Final[Section] = (
    "The painting in the queue",
    (
        *_VERDICTS,
        (COMPARE, "Compare it with the artist's works and with both labels"),
        ("+, −, 0", "Zoom all pictures at one place, while comparing"),
        (SKIP, "Skip it"),
        (UNDO, "Undo your last verdict"),
        (REDO, "Record again what was undone"),
    ),
)
_STORY: Final[Section] = ("This case", ((BACK, "Back to all cases"),))

_PAGES: Final[dict[str, tuple[Section, ...]]] = {
    "outliers": (_GALLERY, _JUDGED_GALLERY, _CLOUD, _PEN),
    "map": (_GALLERY, _JUDGED_GALLERY, _CLOUD, _PEN),
    "cases": (_GALLERY, _STORY),
    "reviews": (_DESK, _GALLERY),
    "painting": (_PAINTING, _GALLERY),
    "classify": (_GALLERY, _CLOUD),
}


def list_shortcuts(page: str, word: LabelWord = STYLE) -> tuple[Section, ...]:
    """The shortcuts of ``page``: headings, each with (keys, what they do).

    ``word``: what the labels are called that galleries judge.
    """
    sections = _PAGES.get(page, (_GALLERY,))
    return (
        *(_add_verdicts(each, word) if each is _JUDGED_GALLERY else each for each in sections),
        _ANYWHERE,
    )


def list_keys(word: LabelWord) -> dict[str, Verdict]:
    """The verdicts that labels called ``word`` can have, by their keys."""
    return {VERDICT_KEYS[verdict]: verdict for verdict in list_verdicts(word.singular)}


def _add_verdicts(section: Section, word: LabelWord) -> Section:
    title, keys = section
    verdicts = ((key, VERDICT_NAMES[verdict]) for key, verdict in list_keys(word).items())
    return title, (*verdicts, *keys)
