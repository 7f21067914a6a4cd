"""What the reviewers of a painting say together."""

from __future__ import annotations

from typing import Final, Literal

import pandas as pd

Outcome = Literal["keep", "relabel", "mislabelled", "not a painting", "undecided"]

# What a verdict says is to be done. An unsure reviewer abstains.
_OUTCOMES: Final[dict[str, Outcome]] = {
    "right": "keep",
    "outlier": "keep",
    "wrong": "mislabelled",
    "bad image": "not a painting",
}
DECISIONS: Final = ("key", "task", "given", "outcome", "proposed", "votes", "reviewers")


def decide(standing: pd.DataFrame) -> pd.DataFrame:
    """One row a painting and task judged, columns ``DECISIONS``, by majority of the reviewers.

    ``standing``: the verdicts in force, a row a reviewer. ``outcome``: keep; relabel (to
    ``proposed``); mislabelled, where no proposed label has a majority of those who say so; not a
    painting; undecided, where no outcome has more votes than any other. ``votes`` of ``reviewers``
    agree; those who are unsure are counted among neither.
    """
    votes = standing.assign(said=standing["verdict"].map(_OUTCOMES)).dropna(subset="said")
    rows = [
        {"key": key, "task": task, **_count(group)}
        for (key, task), group in votes.groupby(["key", "task"], sort=True)
    ]
    return pd.DataFrame(rows, columns=list(DECISIONS)).astype(
        dict.fromkeys(DECISIONS[:5], "str") | {"votes": "int64", "reviewers": "int64"}
    )


def find_disagreements(standing: pd.DataFrame) -> pd.DataFrame:
    """Verdicts in force on what two reviewers judged differently, a row a reviewer.

    Right and outlier both keep the label and count as agreeing; two that propose different labels
    do not.
    """
    judged = standing[standing["verdict"] != "unsure"]
    said = judged["verdict"].map(_OUTCOMES).astype("str") + " " + judged["proposed"].fillna("")
    spread = said.groupby([judged["key"], judged["task"]]).transform("nunique")
    return judged[spread > 1].sort_values(["key", "task", "time"], ignore_index=True)


def _count(group: pd.DataFrame) -> dict[str, object]:
    counts = group["said"].value_counts()
    top = counts.iloc[0]
    given = group["given"].dropna()
    decided: dict[str, object] = {
        "given": given.iloc[-1] if len(given) else None,
        "outcome": "undecided",
        "proposed": None,
        "votes": int(top),
        "reviewers": len(group),
    }
    if (counts == top).sum() > 1:
        return decided
    decided["outcome"] = counts.index[0]
    if decided["outcome"] == "mislabelled":
        proposals = group.loc[group["said"] == "mislabelled", "proposed"].value_counts()
        if len(proposals) and 2 * proposals.iloc[0] > top:
            decided |= {"outcome": "relabel", "proposed": proposals.index[0]}
    return decided
