"""What findings are computed from: arrays and tables, row i of each is painting i."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from core.errors import UserError
from core.findings.several import share_labels, widen_labels
from core.label_word import STYLE, LabelWord
from core.tasks import Task

WATCHED: Final = ("Jackson Pollock", "Hilma af Klint", "Edward Hopper")
PAINTING_COLUMNS: Final = ("key", "artist", "year")


@dataclass(frozen=True)
class TaskEvidence:
    """The folds' answers to one task.

    ``labels`` (N,) class indices, -1 for none. ``probabilities`` (N, K) calibrated and out of fold;
    a row of zeros is a painting that no fold scored. ``given`` (N,) the collection's labels, null
    for none, including labels that are not learned (a style of one painting, for instance); None
    where all are learned. ``further`` (N, m) class indices of the other labels of works that have
    several, -1 for none; None where no work has. ``broader`` (K, K) bool: the second class is a
    broader term than the first; None without a vocabulary.
    """

    classes: tuple[str, ...]
    labels: np.ndarray
    probabilities: np.ndarray
    given: np.ndarray | None = None
    further: np.ndarray | None = None
    broader: np.ndarray | None = None

    def share(self, table: np.ndarray) -> np.ndarray:
        """``table`` (N, K) of chances, with all that is right of a work in its label."""
        return share_labels(table, self.labels, self.accepted)

    @cached_property
    def accepted(self) -> np.ndarray | None:
        """(N, m') what is right of a work beside its label: its other labels, and the broader and
        narrower terms of all (``widen_labels``); None where that is nothing.
        """
        return widen_labels(self.labels, self.further, self.broader)

    @property
    def given_names(self) -> np.ndarray:
        """(N,) object: the collection's label, learned or not; None where it gives none."""
        if self.given is None:
            learned: np.ndarray = np.array([*self.classes, None], dtype=object)[self.labels]
            return learned
        names = np.array(self.given, dtype=object)
        names[pd.isna(names)] = None
        return names

    @cached_property
    def is_scored(self) -> np.ndarray:
        """(N,) bool: a fold that did not learn from the painting has judged it."""
        scored: np.ndarray = self.probabilities.sum(axis=1) > 0
        return scored


@dataclass(frozen=True)
class Hands:
    """Who painted N works: ``printed`` (N,) object, the artist as the collection prints it, as
    verdicts named it, or None; ``task``: the folds' answers, whose classes are artists.
    ``are_labels``: the artists are what the run checks, and no evidence beside it.
    """

    printed: np.ndarray
    task: TaskEvidence
    are_labels: bool = False


@dataclass(frozen=True)
class FoldView:
    """The embeddings of one fold's model on both sides of the fold; two folds' are never compared.

    ``held_out`` (h,) and ``training`` (t,) rows; their embeddings (h, D) and (t, D), any float,
    L2-normalised.
    """

    held_out: np.ndarray
    training: np.ndarray
    held_out_embeddings: np.ndarray
    training_embeddings: np.ndarray


@dataclass(frozen=True)
class Evidence:
    """All that ``compute_findings`` reads; findings that need a field that is None are left out.

    ``paintings``: columns key, artist, year; nulls are allowed. ``tasks`` holds ``style``, and
    ``genre`` where it was learned; ``hands``: the artists, where they were.
    ``duplicates`` (N,) group ids of one picture's copies.
    ``embeddings`` (N, D) and ``neighbours`` (N, k): of the one published model.
    ``thumbnails`` (N, S, S, 3) uint8, S of 32 to 64, the whole picture squashed.
    ``dynamics`` (N, E): margin of the given style at each epoch, NaN where not learned from.
    ``texture`` (N, C) and ``content`` (N, C'): means and spreads of what two layers of the
    published model see of each painting, for novelty. ``unseen`` (N, K): style probabilities by a
    model that never saw the artist, zero rows where it did not judge; without it nothing is said of
    an artist. ``plain`` (N, K): out-of-fold style probabilities by plain models of pretrained
    features, zero rows where they did not judge. ``watched``: artists who are always reported.
    ``word``: what the labels are called. ``hash_groups`` (N,) ids: the copies that the perceptual
    hash finds, by default all ``duplicates``; ``by_sight`` (P, 2): as ``find_by_sight`` gives them,
    joined into ``duplicates``.
    """

    paintings: pd.DataFrame
    tasks: Mapping[Task, TaskEvidence]
    duplicates: np.ndarray
    folds: tuple[FoldView, ...] = ()
    embeddings: np.ndarray | None = None
    neighbours: np.ndarray | None = None
    thumbnails: np.ndarray | None = None
    dynamics: np.ndarray | None = None
    unseen: np.ndarray | None = None
    plain: np.ndarray | None = None
    texture: np.ndarray | None = None
    content: np.ndarray | None = None
    watched: tuple[str, ...] = field(default=WATCHED)
    word: LabelWord = STYLE
    hash_groups: np.ndarray | None = None
    by_sight: np.ndarray | None = None
    hands: Hands | None = None

    def __post_init__(self) -> None:
        missing = [column for column in PAINTING_COLUMNS if column not in self.paintings]
        if missing or "style" not in self.tasks:
            raise UserError(
                "the evidence is incomplete",
                found=f"columns {list(self.paintings.columns)}, tasks {list(self.tasks)}",
                expected=f"columns {list(PAINTING_COLUMNS)} and the task style",
            )
        for name, array in self._arrays().items():
            if array is not None and len(array) != len(self.paintings):
                raise UserError(
                    f"{name} does not match the paintings",
                    found=f"{len(array)} rows",
                    expected=f"{len(self.paintings)}",
                )

    @property
    def style(self) -> TaskEvidence:
        return self.tasks["style"]

    @property
    def layers(self) -> list[np.ndarray]:
        """Those of texture and content that there are."""
        return [each for each in (self.texture, self.content) if each is not None]

    def _arrays(self) -> dict[str, np.ndarray | None]:
        named = {f"labels of {task}": each.labels for task, each in self.tasks.items()}
        named |= {f"probabilities of {task}": e.probabilities for task, e in self.tasks.items()}
        return named | {
            "duplicates": self.duplicates,
            "embeddings": self.embeddings,
            "neighbours": self.neighbours,
            "thumbnails": self.thumbnails,
            "dynamics": self.dynamics,
            "unseen": self.unseen,
            "plain": self.plain,
            "texture": self.texture,
            "content": self.content,
            "hash_groups": self.hash_groups,
        }
