"""The majority decision of a painting's reviewers."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal

import pandas as pd

from core.reviews.entry import SETTLES
from core.reviews.places import find_places, place_on_labels
from core.tasks import FURTHER, TASKS, Task, given_column

Outcome = Literal["keep", "relabel", "mislabelled", "not a painting", "changed", "undecided"]

UNSURE: Final = "unsure"
# The claim of a verdict without a proposed label.
_SAYS: Final = {
    "right": "is",
    "outlier": "is",
    "wrong": "is not",
    "several hands": "is not",
    "bad image": "is no painting",
    UNSURE: UNSURE,
}
DECISIONS: Final = ("key", "task", "given", "outcome", "proposed", "votes", "reviewers")


def read_claims(verdicts: pd.DataFrame) -> pd.DataFrame:
    """``says`` and ``label`` of each verdict: its claim about the painting, whatever run was shown.

    "Cubism is wrong, rather Realism" and, of a run that learned it, "Realism is right" are one
    claim. ``label`` is empty where no label is named.
    """
    proposes = verdicts["proposed"].notna()
    says = verdicts["verdict"].map(_SAYS).mask(proposes, "is")
    label = verdicts["proposed"].where(proposes, verdicts["given"]).fillna("")
    return pd.DataFrame({"says": says, "label": label.where(says.isin(("is", "is not")), "")})


def decide(standing: pd.DataFrame, paintings: pd.DataFrame) -> pd.DataFrame:
    """One row a label judged, columns ``DECISIONS``, by majority of the reviewers: a painting and
    task has one, of several labels each has its own.

    ``standing``: the verdicts in force, a row a reviewer. ``paintings``: key and the labels that
    are given now, which ``given`` and the outcome are about. ``outcome``: keep; relabel (to
    ``proposed``); mislabelled, where no proposed label has a majority of those who say so; not a
    painting; changed, where another label was called wrong; undecided, where no outcome has more
    votes than any other. ``votes`` of ``reviewers`` agree; the unsure are counted among neither. A
    verdict that settles a disagreement counts alone.
    """
    standing = place_on_labels(standing, paintings)
    claims = standing.join(read_claims(standing))
    claims = claims[(claims["says"] != UNSURE) & ~find_overruled(standing)]
    rows = []
    for task in TASKS:
        given = _labels_now(paintings, task)
        own = claims[claims["task"] == task]
        own = own.assign(now=_name_judged(own, given))
        # Of one reviewer, a verdict from before the work had several labels, or since.
        own = own.drop_duplicates(["key", "now", "reviewer"], keep="last")
        for (key, now), group in own.groupby(["key", "now"], sort=True):
            decided = _count(group, str(now))
            if now not in given.get(str(key), (now,)):  # one of several, which is gone
                decided |= {"outcome": "changed", "proposed": None}
            rows.append({"key": key, "task": task, **decided})
    return pd.DataFrame(rows, columns=list(DECISIONS)).astype(
        dict.fromkeys(DECISIONS[:5], "str") | {"votes": "int64", "reviewers": "int64"}
    )


def find_overruled(standing: pd.DataFrame) -> pd.Series:
    """(n,) bool: verdicts on what a later one settled. Any verdict that is later still opens it;
    who is unsure settles nothing.
    """
    places = find_places(standing)
    groups = [places[name] for name in places]
    is_last = standing["time"] == standing["time"].groupby(groups).transform("max")
    settles = standing["settles"].eq(SETTLES) & standing["verdict"].ne(UNSURE) & is_last
    is_settled: pd.Series = settles.groupby(groups).transform("any")
    return is_settled & ~settles


def find_disagreements(standing: pd.DataFrame) -> pd.DataFrame:
    """Verdicts in force on what two reviewers judged differently, a row a reviewer.

    Right and outlier both keep the label and count as agreeing; two that propose different labels
    do not. What was settled is none.
    """
    claims = read_claims(standing)
    judged = standing[(claims["says"] != UNSURE) & ~find_overruled(standing)]
    said = (claims["says"] + " " + claims["label"])[judged.index]
    places = find_places(judged)
    spread = said.groupby([places[name] for name in places]).transform("nunique")
    return judged[spread > 1].sort_values(["key", "task", "time"], ignore_index=True)


def _labels_now(paintings: pd.DataFrame, task: Task) -> dict[str, tuple[str, ...]]:
    """Each painting's labels, the one in front first; an empty one for none."""
    labels = paintings[given_column(task)].astype("object")
    fronts = ((label,) for label in labels.where(labels.notna(), ""))
    every = dict(zip(paintings["key"], fronts, strict=True))
    if task == "style" and FURTHER in paintings:
        several = paintings[paintings[FURTHER].notna()]
        for key, others in zip(several["key"], several[FURTHER], strict=True):
            every[key] = (*every[key], *others)
    return every


def _name_judged(claims: pd.DataFrame, now: dict[str, tuple[str, ...]]) -> list[str]:
    """Which label of its painting each claim is about: of several the one that was judged, else
    the only one, or the one in front; a label of several that is gone stays itself.
    """
    names = []
    columns = (claims["key"], claims["given"].fillna(""), claims["of_several"].fillna(""))
    for key, given, single in zip(*columns, strict=True):
        labels = now.get(str(key), ("",))
        own = given in labels or single
        names.append(str(given if own else labels[0]))
    return names


def _count(claims: pd.DataFrame, given: str) -> dict[str, object]:
    said = list(zip(claims["says"], claims["label"], strict=True))
    counts = Counter(_judge(says, label, given) for says, label in said)
    (outcome, votes), *others = counts.most_common()
    decided: dict[str, object] = {
        "given": given or None,
        "outcome": outcome,
        "proposed": None,
        "votes": votes,
        "reviewers": len(said),
    }
    if others and others[0][1] == votes:
        decided["outcome"] = "undecided"
    elif outcome == "mislabelled":
        proposals = Counter(label for says, label in said if says == "is" and label != given)
        label, backers = next(iter(proposals.most_common(1)), ("", 0))
        if 2 * backers > votes:
            decided |= {"outcome": "relabel", "proposed": label}
    return decided


def _judge(says: str, label: str, given: str) -> Outcome:
    """The outcome that a claim asks for, with ``given`` as the current label."""
    if says == "is no painting":
        return "not a painting"
    if says == "is":
        return "keep" if label == given else "mislabelled"
    return "mislabelled" if label == given else "changed"
