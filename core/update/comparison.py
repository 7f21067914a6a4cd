"""A collection as it is now, held against a run on it as it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.artifacts import Run
from core.reviews.changes.plan import list_others
from core.reviews.corrections import plan_corrections
from core.tasks import FURTHER, TASKS, Task, given_column
from core.text import is_missing
from core.update.pictures import look_alike


@dataclass(frozen=True)
class Comparison:
    """``before`` (N,): the row that each painting has in the run, -1 for one that its model did not
    see. ``rephotographed`` (N,): known by key, under another picture. ``gone``: rows of the run
    whose paintings are no longer there.
    """

    before: np.ndarray
    rephotographed: np.ndarray
    gone: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Rows of the paintings that are taken over."""
        return np.flatnonzero(self.before >= 0)

    @property
    def fresh(self) -> np.ndarray:
        """Rows of the others."""
        return np.flatnonzero(self.before < 0)

    def after(self, count: int) -> np.ndarray:
        """(count,) the row that each painting of the run has now, -1 for none."""
        rows = np.full(count, -1)
        rows[self.before[self.known]] = self.known
        return rows


def compare(run: Run, paintings: pd.DataFrame) -> Comparison:
    """Finds each of ``paintings`` in ``run``: by key and picture; else by the picture, where one
    painting of each has it, whatever keys they have; else by key, under a file that was only saved
    anew.

    ``paintings``: key, content_hash and the fingerprints of the image store.
    """
    old, files = run.paintings, paintings["content_hash"]
    place = pd.Series(old.index, index=old["key"])
    by_key = place.reindex(paintings["key"]).fillna(-1).to_numpy(dtype=int)
    same = (by_key >= 0) & (old["content_hash"].to_numpy()[by_key] == files.to_numpy())
    left = old.drop(index=by_key[same]).drop_duplicates("content_hash", keep=False)
    moved = pd.Series(left.index, index=left["content_hash"])
    by_file = moved.reindex(files.mask(same | files.duplicated(False)))
    before = np.where(same, by_key, by_file.fillna(-1).to_numpy(dtype=int))
    others = np.flatnonzero((before < 0) & (by_key >= 0) & ~np.isin(by_key, before))
    alike = look_alike(run, by_key[others], paintings.iloc[others])
    before[others[alike]] = by_key[others[alike]]
    rephotographed = np.zeros(len(paintings), dtype=bool)
    rephotographed[others[~alike]] = True
    there = np.concatenate([before, by_key[rephotographed]])
    return Comparison(before, rephotographed, np.setdiff1d(np.arange(len(old)), there))


def find_relabelled(run: Run, paintings: pd.DataFrame, found: Comparison, task: Task) -> np.ndarray:
    """(N,) bool: known paintings whose label of ``task`` is not the one that ``run`` judged.

    Artists and genres that the model does not know are no labels to it.
    """
    changed = np.zeros(len(paintings), dtype=bool)
    now, was = list_label_sets(paintings, task), list_label_sets(run.paintings, task)
    if task != "style":
        known = frozenset(run.classes(task))
        now, was = [each & known for each in now], [each & known for each in was]
    for row in found.known:
        changed[row] = now[row] != was[found.before[row]]
    return changed


def count_arrived(
    run: Run, paintings: pd.DataFrame, found: Comparison, standing: pd.DataFrame
) -> tuple[int, int]:
    """How many corrections of ``standing`` verdicts the collection has by now, and how many not."""
    own = run.paintings.copy()
    if run.catalogue is not None:  # the collection's labels, whatever verdicts changed
        own[FURTHER] = list_others(run, run.catalogue)
        for task in TASKS:
            own[given_column(task)] = run.catalogue[f"{task}_label"].to_numpy()
    table = plan_corrections(
        own, standing, "relabel", keep_validation=False, vocabulary=run.vocabulary
    ).table
    asked = table[(table["outcome"] == "relabel") & (table["row"] >= 0)]
    after, arrived, waiting = found.after(len(own)), 0, 0
    labels = {task: list_label_sets(paintings, task) for task in TASKS}
    for row, task, proposed in asked[["row", "task", "proposed"]].itertuples(index=False):
        if (now := after[row]) < 0:
            continue
        has = proposed in labels[task][now]
        arrived, waiting = arrived + has, waiting + (not has)
    return arrived, waiting


def list_label_sets(paintings: pd.DataFrame, task: Task) -> list[frozenset[str]]:
    """The labels of ``task`` of each of ``paintings``."""
    firsts = paintings[given_column(task)].tolist()
    others = [None] * len(firsts)
    if task == "style" and FURTHER in paintings:
        others = paintings[FURTHER].tolist()
    return [
        frozenset(
            str(each)
            for each in (first, *(more if isinstance(more, (tuple, list, np.ndarray)) else ()))
            if not is_missing(each)
        )
        for first, more in zip(firsts, others, strict=True)
    ]
