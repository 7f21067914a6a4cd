"""How a picture can look, by colours and tones: names that a run keeps, and what they mean."""

from __future__ import annotations

from typing import Final, Literal

Appearance = Literal[
    "in colour", "one hue", "strokes on paper", "black and white", "smooth greys", "rows of marks"
]

APPEARANCES: Final[dict[Appearance, str]] = {
    "in colour": "in colour, or of no other kind",
    "one hue": "one hue or none, tones of no particular kind",
    "strokes on paper": "strokes on bare paper or canvas",
    "black and white": "two tones, black on white",
    "smooth greys": "one hue or none, in smooth tones over the whole range",
    "rows of marks": "bare paper with rows of marks, as in writing",
}
PLAIN: Final[Appearance] = "in colour"  # of which nothing is said

# Runs of before 2026-11-28 claim a medium, which looks do not tell.
FORMER: Final[dict[str, Appearance]] = {
    "painting": "in colour",
    "monochrome": "one hue",
    "drawing": "strokes on paper",
    "print": "black and white",
    "photograph": "smooth greys",
    "document": "rows of marks",
}
