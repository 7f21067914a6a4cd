"""The majority decision of a painting's reviewers."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal

import pandas as pd

from core.tasks import FURTHER, TASKS, Task, given_column

Outcome = Literal["keep", "relabel", "mislabelled", "not a painting", "changed", "undecided"]

UNSURE: Final = "unsure"
# The claim of a verdict without a proposed label.
_SAYS: Final = {
    "right": "is",
    "outlier": "is",
    "wrong": "is not",
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
    """One row a painting and task judged, columns ``DECISIONS``, by majority of the reviewers.

    ``standing``: the verdicts in force, a row a reviewer. ``paintings``: key and the labels that
    are given now, which ``given`` and the outcome are about. ``outcome``: keep; relabel (to
    ``proposed``); mislabelled, where no proposed label has a majority of those who say so; not a
    painting; changed, where another label was called wrong; undecided, where no outcome has more
    votes than any other. ``votes`` of ``reviewers`` agree; the unsure are counted among neither.
    """
    claims = standing.join(read_claims(standing))
    claims = claims[claims["says"] != UNSURE]
    rows = []
    for task in TASKS:
        given = _labels_now(paintings, task)
        for key, group in claims[claims["task"] == task].groupby("key", sort=True):
            labels = given.get(str(key), ("",))
            rows.append({"key": key, "task": task, **_count(group, _find_judged(group, labels))})
    return pd.DataFrame(rows, columns=list(DECISIONS)).astype(
        dict.fromkeys(DECISIONS[:5], "str") | {"votes": "int64", "reviewers": "int64"}
    )


def find_disagreements(standing: pd.DataFrame) -> pd.DataFrame:
    """Verdicts in force on what two reviewers judged differently, a row a reviewer.

    Right and outlier both keep the label and count as agreeing; two that propose different labels
    do not.
    """
    claims = read_claims(standing)
    judged = standing[claims["says"] != UNSURE]
    said = (claims["says"] + " " + claims["label"])[judged.index]
    spread = said.groupby([judged["key"], judged["task"]]).transform("nunique")
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


def _find_judged(claims: pd.DataFrame, labels: tuple[str, ...]) -> str:
    """Which of a painting's ``labels`` was judged last, of several; else the one in front."""
    judged = [label for label in claims["given"] if label in labels]
    return str(judged[-1]) if judged else labels[0]


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
