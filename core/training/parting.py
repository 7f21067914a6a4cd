"""Folds of a collection, or why it has none and what would help.

An advice is tried before it is given: a command that fails again costs a curator another hour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.collection.wording import count_of
from core.errors import UserError
from core.label_word import STYLE, LabelWord
from core.splits import assign_folds
from core.training.config import TrainConfig


@dataclass(frozen=True)
class Parts:
    """``styles`` (N,) class indices, -1 for none. ``pictures`` (N,): paintings that are copies of
    one picture share a group. ``hands`` (N,): so do the works of one artist, too. ``word``: what
    the styles are called.
    """

    styles: np.ndarray
    pictures: np.ndarray
    hands: np.ndarray
    word: LabelWord = STYLE

    def groups(self, group_by: str) -> np.ndarray:
        """(N,) what must share a fold."""
        return self.hands if group_by == "artist" else self.pictures


def split_into_folds(config: TrainConfig, parts: Parts) -> np.ndarray:
    """Fold (N,) int8 of each painting, 0 to folds-1; see ``assign_folds``.

    Raises ``UserError`` where there are too few paintings that may be separated, or no fold could
    learn a style that it scores. Its remedies work.
    """
    groups = parts.groups(config.group_by)
    fold = _try(parts.styles, groups, config.folds, config.seed)
    if fold is None:
        raise _explain(config, parts, len(np.unique(groups)))
    return fold


def _explain(config: TrainConfig, parts: Parts, separate: int) -> UserError:
    """``separate``: groups of paintings that may be separated."""
    paintings, is_by_artist = len(parts.styles), config.group_by == "artist"
    what = f"{count_of(paintings, 'painting')} cannot be split into {config.folds} folds"
    if separate < config.folds:
        found, expected = f"{separate:,} that may be separated", f"at least {config.folds}"
    else:
        one, several = parts.word.singular, parts.word.plural
        found = f"each {one} whole in one fold, so that none is learned where it is scored"
        expected = f"two {several} that may be separated"
    if is_by_artist:
        found += " (--group-by artist keeps an artist's works together)"
    elif separate < paintings:
        found += " (copies of a picture stay together)"
    return UserError(what, found=found, expected=expected, remedy=_advise(config, parts))


def _try(styles: np.ndarray, groups: np.ndarray, folds: int, seed: int) -> np.ndarray | None:
    """The folds, where there are as many groups and a fold learns a style that it scores."""
    if len(np.unique(groups)) < folds:
        return None
    fold = assign_folds(styles, groups, folds, seed)
    known = styles >= 0
    spread = np.zeros((folds, int(styles.max(initial=0)) + 1), dtype=bool)
    spread[fold[known], styles[known]] = True
    return fold if (spread.sum(axis=0) > 1).any() else None


def _advise(config: TrainConfig, parts: Parts) -> str:
    """The flags that work, the least change first."""
    ways = []
    for group_by in dict.fromkeys((config.group_by, "picture")):
        groups = parts.groups(group_by)
        folds = min(config.folds, len(np.unique(groups)))
        if folds < 2 or _try(parts.styles, groups, folds, config.seed) is None:
            continue
        flags = [f"--group-by {group_by}"] if group_by != config.group_by else []
        flags += [f"--folds {folds}"] if folds != config.folds else []
        ways.append(" ".join(flags))
    if ways:
        return f"Use {' or '.join(ways)}."
    several = parts.word.plural
    return f"Add paintings: at least two {several} need two pictures each that are no copies."
