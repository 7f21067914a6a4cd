"""Words that say which part of a collection a painting belongs to."""

from __future__ import annotations

import re
from typing import Final, Literal

Split = Literal["train", "val"]
_SPLITS: Final[dict[str, Split]] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "validate", "dev", "eval", "evaluation"), "val"),
    **dict.fromkeys(("test", "testing", "heldout", "holdout"), "val"),
}


def parse_split(word: str) -> Split | None:
    """``train`` or ``val`` for the word of a column, a folder or a shard; ``None`` for another.

    >>> parse_split("Training set"), parse_split("test"), parse_split("Baroque")
    ('train', 'val', None)
    """
    letters = re.sub(r"[\W_]+", "", word.casefold())
    return _SPLITS.get(letters.removesuffix("set").removesuffix("split"))
