"""Verdicts on paintings that bear another name by now: found by their file's content.

A verdict holds the key of its painting and the hash of the file that was judged. A collection that
was moved, renamed or numbered anew keeps the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Followed:
    """``verdicts`` with the keys that their paintings bear now; others keep theirs.

    ``former``: key -> the other keys that its verdicts were given under. ``ambiguous``: keys of
    which no painting is left, while several have the file that was judged.
    """

    verdicts: pd.DataFrame
    former: dict[str, tuple[str, ...]]
    ambiguous: frozenset[str]


def follow_renamed(verdicts: pd.DataFrame, paintings: pd.DataFrame) -> Followed:
    """``verdicts`` (rows of the log) on ``paintings`` (key, content_hash; null where not known).

    A verdict is about the picture that was judged. Where just one painting has that file, it is
    that one, even if another bears its key by now; where none or several have it, the key decides.
    """
    named = paintings[paintings["key"].isin(verdicts["key"])]
    here = dict(zip(named["key"], named["content_hash"], strict=True))
    pairs = list(zip(verdicts["key"], verdicts["content_hash"], strict=True))
    # Most verdicts are on a painting of their name and file.
    odd = {(key, judged) for key, judged in pairs if not _fits(here, key, judged)}
    bearers = _find_bearers({judged for _, judged in odd}, paintings)
    moves = {pair: bearers[pair[1]][0] for pair in odd if len(bearers[pair[1]]) == 1}
    former: dict[str, tuple[str, ...]] = {}
    for (old, _), new in sorted(moves.items()):
        former[new] = tuple(dict.fromkeys((*former.get(new, ()), old)))
    moved = [moves.get(pair, pair[0]) for pair in pairs]
    ambiguous = {pair[0] for pair in odd if len(bearers[pair[1]]) > 1 and pair[0] not in here}
    followed = verdicts.assign(key=pd.Series(moved, index=verdicts.index, dtype="str"))
    return Followed(followed, former, frozenset(ambiguous))


def _fits(here: dict[str, Any], key: str, judged: str) -> bool:
    """Whether the painting of this key has the file that was judged, as far as that is known."""
    own = here.get(key, "")
    return own == judged or (key in here and not isinstance(own, str))


def _find_bearers(wanted: set[str], paintings: pd.DataFrame) -> dict[str, list[str]]:
    """The keys of the ``paintings`` that have each of the ``wanted`` files."""
    bearers: dict[str, list[str]] = {judged: [] for judged in wanted}
    there = paintings[paintings["content_hash"].isin(list(wanted))]
    for key, content in zip(there["key"], there["content_hash"], strict=True):
        bearers[content].append(key)
    return bearers
