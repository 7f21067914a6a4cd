"""From verdicts to the labels that a model learns from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from core.collection.reading.vocabulary import Vocabulary
from core.collection.wording import count_of, list_some
from core.reviews.exchange import select_standing
from core.reviews.majority import Outcome, decide
from core.reviews.renamed import Followed, follow_renamed
from core.reviews.terms import read_terms
from core.tasks import FURTHER, TASKS, Task, given_column
from core.text import is_missing

Policy = Literal["drop", "relabel", "downweight"]

LOW_WEIGHT: Final = 0.25  # of a label judged wrong, under "downweight"
CHANGES: Final = {
    "relabel": "relabelled",
    "drop": "not learned",
    "downweight": "weighed less",
}
_NOT_HERE: Final = "the painting is not in this collection"
_SEVERAL: Final = "several paintings have the file that was judged"
COLUMNS: Final = (
    *("row", "key", "task", "given", "proposed", "outcome", "action", "why", "is_validation"),
)


@dataclass(frozen=True)
class Corrections:
    """The action for each judged painting, in ``table`` with the columns ``COLUMNS``.

    ``action``: relabel (learn ``proposed``), drop (learn nothing), downweight, keep, or none, with
    the reason in ``why``. ``former``: key -> the keys that a renamed painting was judged under.
    ``notes``: how the verdicts' file was read.
    """

    policy: Policy
    table: pd.DataFrame
    former: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def relabel(self, paintings: pd.DataFrame) -> pd.DataFrame:
        """``paintings`` with the labels that the verdicts propose."""
        changed = paintings.copy()
        for task in TASKS:
            rows = self._rows(task, "relabel")
            if task == "style" and FURTHER in paintings:
                _change_each(changed, rows, rows["proposed"].tolist())
                continue
            changed.loc[rows["row"], given_column(task)] = rows["proposed"].to_numpy()
        return changed

    def mask(self, paintings: pd.DataFrame) -> pd.DataFrame:
        """``paintings`` without the labels that must not be learned."""
        masked = paintings.copy()
        for task in TASKS:
            rows = self._rows(task, "drop")
            if task == "style" and FURTHER in paintings:
                _change_each(masked, rows, [None] * len(rows))
                continue
            masked.loc[rows["row"], given_column(task)] = None
        return masked

    def weigh(self, task: Task, count: int) -> np.ndarray:
        """(count,) float32: how much each painting's label of ``task`` counts, 0 to 1."""
        weights = np.ones(count, dtype=np.float32)
        weights[self._rows(task, "downweight")["row"].to_numpy(dtype=int)] = LOW_WEIGHT
        return weights

    def find_relabelled(self, task: Task) -> np.ndarray:
        """Rows whose label of ``task`` verdicts replaced."""
        return self._rows(task, "relabel")["row"].to_numpy(dtype=int)

    def find_settled(self, task: Task) -> np.ndarray:
        """Rows whose label of ``task`` a verdict confirmed or named."""
        rows = self.table["task"].eq(task) & self.table["action"].isin(["keep", "relabel"])
        return self.table.loc[rows, "row"].to_numpy(dtype=int)

    @property
    def digest(self) -> str:
        """sha256 of the actions: two logs with the same actions give the same run."""
        done = self.table.loc[self.table["action"] != "none", ["key", "task", "proposed", "action"]]
        return hashlib.sha256(f"{self.policy}\n{done.to_csv(index=False)}".encode()).hexdigest()

    def summarise(self) -> dict[str, Any]:
        """For the manifest: the policy, counts of actions taken and omitted, and the digest."""
        left = self.table.loc[self.table["action"] == "none", "why"]
        return {
            "policy": self.policy,
            "done": dict(sorted(Counter(self.table["action"]).items())),
            "left_aside": dict(sorted(Counter(left).items())),
            "digest": self.digest,
        }

    def describe(self) -> list[str]:
        """Sentences for the user."""
        counts = Counter(self.table["action"])
        done = [f"{counts[action]:,} {CHANGES[action]}" for action in CHANGES if counts[action]]
        done.append(f"{counts['keep']:,} kept")
        judged = count_of(len(self.table), "label")
        lines = [*self.notes, f"Verdicts on {judged} ({self.policy}): {', '.join(done)}."]
        if found := int(self.table["key"].isin(list(self.former)).sum()):
            names = [f"{' and '.join(old)} is now {new}" for new, old in self.former.items()]
            lines.append(
                f"{found:,} of them found again by the file's content: {list_some(names, 3)}."
            )
        changed = self.table["action"].isin(list(CHANGES)) & self.table["is_validation"].astype(
            "bool"
        )
        if changed.any():
            lines.append(f"{changed.sum():,} of them are in the official validation list.")
        left = Counter(self.table.loc[self.table["action"] == "none", "why"])
        return lines + [f"Unchanged, {n:,}: {why}." for why, n in sorted(left.items())]

    @property
    def is_on_others(self) -> bool:
        """Whether there are verdicts, and none is on a painting of this collection."""
        return len(self.table) > 0 and bool(self.table["why"].isin([_NOT_HERE, _SEVERAL]).all())

    def _rows(self, task: Task, action: str) -> pd.DataFrame:
        return self.table[(self.table["task"] == task) & (self.table["action"] == action)]


def _change_each(paintings: pd.DataFrame, rows: pd.DataFrame, labels: Sequence[str | None]) -> None:
    """Puts ``labels`` (n,), null for none, in the place of the style that each of ``rows`` judges.

    The others of a work stay behind it; of a picture that is no painting none does.
    """
    every: dict[int, list[Any]] = {}
    columns = (rows["row"], rows["given"], rows["outcome"], labels)
    for row, given, outcome, label in zip(*columns, strict=True):
        if row not in every:
            others: Any = paintings[FURTHER].iat[row]
            every[row] = [
                paintings["given_style"].iat[row],
                *(others if isinstance(others, tuple) else ()),
            ]
        left = [each for each in every[row] if each != given]
        every[row] = [] if outcome == "not a painting" else [label, *left]
    kept = [
        tuple(dict.fromkeys(each for each in labels if not is_missing(each)))
        for labels in every.values()
    ]
    places = paintings.index[list(every)]
    fronts = pd.Series([each[0] if each else None for each in kept], places, dtype="str")
    behind = pd.Series([each[1:] or None for each in kept], places, dtype="object")
    paintings.loc[places, "given_style"] = fronts
    paintings.loc[places, FURTHER] = behind


def plan_corrections(
    paintings: pd.DataFrame,
    standing: pd.DataFrame,
    policy: Policy,
    *,
    keep_validation: bool,
    vocabulary: Vocabulary | None = None,
) -> Corrections:
    """What ``standing`` verdicts change in ``paintings`` (index 0..N-1), by majority.

    They are read by the ``vocabulary`` that the labels of ``paintings`` are terms of.
    Verdicts on renamed paintings are found by ``content_hash``, where ``paintings`` have it.
    With ``keep_validation`` the labels of the official validation list are not changed, so that
    figures on it stay comparable with published ones.
    """
    followed = Followed(standing, {}, frozenset())
    if "content_hash" in paintings:
        followed = follow_renamed(standing, paintings)
    named = read_terms(followed.verdicts, vocabulary, paintings)
    decisions = decide(select_standing(named), paintings)
    place = pd.Series(paintings.index, index=paintings["key"])
    rows = []
    for decision in decisions.to_dict("records"):
        tasks: tuple[Task, ...] = (decision["task"],)
        if decision["outcome"] == "not a painting":
            tasks = TASKS
        for task in tasks:
            row = place.get(decision["key"])
            is_validation = row is not None and paintings.loc[row, "split"] == "val"
            action, why = "none", _NOT_HERE
            if decision["key"] in followed.ambiguous:
                why = _SEVERAL
            if row is not None:
                is_held = keep_validation and is_validation
                action, why = _choose(decision["outcome"], policy, is_held)
            found: dict[Any, Any] = {"row": -1 if row is None else int(row), "task": task}
            found |= {"action": action, "why": why if action == "none" else ""}
            rows.append({**decision, **found, "is_validation": is_validation})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.drop_duplicates(["key", "task", "given"], ignore_index=True)
    return Corrections(policy, _drop_all(table), followed.former)


def _drop_all(table: pd.DataFrame) -> pd.DataFrame:
    """``table`` in which no label of what is no painting is learned, whatever is said of others."""
    is_none = table["outcome"].eq("not a painting") & table["action"].eq("drop")
    others = table["key"].isin(table.loc[is_none, "key"]) & table["action"].ne("none")
    return table.assign(action=table["action"].mask(others, "drop"))


def _choose(outcome: Outcome, policy: Policy, is_held: bool) -> tuple[str, str]:
    """Action and reason; ``is_held``: the painting's labels must not change."""
    if outcome == "keep":
        return "keep", ""
    if outcome == "undecided":
        return "none", "the reviewers do not agree"
    if outcome == "changed":
        return "none", "the given label has changed since it was judged"
    if is_held:
        return "none", "it is in the official validation list"
    if outcome == "relabel":
        return policy, ""
    return ("downweight" if outcome == "mislabelled" and policy == "downweight" else "drop"), ""
