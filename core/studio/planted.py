"""What is planted in the collection and remembered as truth.

In the spirit of three stories: a Pollock predicted Baroque (no frame of reference), an af Klint
of 1906 predicted Minimalism (ahead of their time), a whole oeuvre under the wrong style; besides
these, swapped labels, near-duplicates and files that do not open.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.studio.works import Work

SWAPPED = "swapped_label"
DUPLICATE = "near_duplicate"
CORRUPT = "corrupt_file"
COPYINGS = ("crop", "rescale", "recompress", "mirror", "border")
DAMAGES = ("truncated", "text", "empty", "page", "header")

SWAPPED_SHARE = 0.04
_RELABELLED_EVERY = 3  # of the near-duplicates, every third is filed under another style


@dataclass(frozen=True)
class Amounts:
    """How many of each kind are planted in a collection of so many works."""

    swapped: int
    duplicates: int
    corrupt: int
    cases: dict[str, int]


def compute_amounts(works: int) -> Amounts:
    """Amounts that scale with the collection, at least one of everything."""
    return Amounts(
        swapped=round(SWAPPED_SHARE * works),
        duplicates=max(1, round(0.012 * works)),
        corrupt=max(1, min(5, round(works / 250))),
        cases={
            "no_frame_of_reference": max(2, round(0.008 * works)),
            "ahead_of_their_time": max(2, round(0.008 * works)),
            "oeuvre_mislabelled": max(3, round(0.02 * works)),
        },
    )


def plant(rng: np.random.Generator, originals: list[Work], amounts: Amounts) -> list[Work]:
    """The works with labels swapped and files to damage marked, and copies of some added.

    Each ordinary work carries one planted thing at most.
    """
    ordinary = [i for i, work in enumerate(originals) if not work.kind]
    picked = rng.permutation(ordinary).tolist()
    cut, damaged = amounts.swapped, amounts.swapped + amounts.corrupt
    styles = sorted({work.given_style for work in originals})
    works = list(originals)
    for i in picked[:cut]:
        works[i] = replace(
            works[i], given_style=_other(rng, works[i].given_style, styles), kind=SWAPPED
        )
    for number, i in enumerate(picked[cut:damaged]):
        works[i] = replace(works[i], damage=DAMAGES[number % len(DAMAGES)], kind=CORRUPT)
    chosen = picked[damaged : damaged + amounts.duplicates]
    copies = [_copy(rng, works[i], number, styles) for number, i in enumerate(chosen)]
    return works + copies


def _copy(rng: np.random.Generator, work: Work, number: int, styles: list[str]) -> Work:
    """A near-duplicate: a detail or another photograph, every third under another style."""
    copying = COPYINGS[number % len(COPYINGS)]
    if number % _RELABELLED_EVERY == 0:
        given, title = _other(rng, work.given_style, styles), work.title
    else:
        note = "detail" if copying == "crop" else "second photograph"
        given, title = work.given_style, f"{work.title} ({note})"
    return replace(
        work, title=title, given_style=given, copying=copying, kind=DUPLICATE, partner=work.key
    )


def _other(rng: np.random.Generator, style: str, styles: list[str]) -> str:
    return str(rng.choice([name for name in styles if name != style]))
