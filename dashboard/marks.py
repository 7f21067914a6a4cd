"""What reviewers said of each painting, as columns that galleries and filters read."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.reviews import Verdict
from core.reviews.majority import find_disagreements
from dashboard.words import class_name

VERDICT_NAMES: Final[dict[Verdict, str]] = {
    "right": "Label is right",
    "outlier": "Genuine outlier",
    "wrong": "Wrong label",
    "unsure": "Unsure",
    "bad image": "Not a painting",
}
MARK: Final = "mark"
REVIEWED, OPEN, DISPUTED = "is_reviewed", "is_open", "is_disputed"


def mark_reviewed(table: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """``table`` with ``mark`` (a sentence, empty without a verdict) and three flags."""
    reviewed = table["key"].isin(standing["key"])
    columns: dict[str, pd.Series] = {REVIEWED: reviewed, OPEN: ~reviewed}
    columns[DISPUTED] = table["key"].isin(find_disagreements(standing)["key"])
    said = {str(key): _describe(verdicts) for key, verdicts in standing.groupby("key")}
    marks = [said.get(key, "") for key in table["key"]]
    columns[MARK] = pd.Series(marks, index=table.index, dtype="str")
    return table.assign(**columns)


def describe_verdict(verdict: str, proposed: object, task: str = "style") -> str:
    """``"Wrong label: rather Baroque"``."""
    name = VERDICT_NAMES.get(verdict, verdict)  # type: ignore[call-overload]
    text = f"{name}: rather {class_name(str(proposed))}" if isinstance(proposed, str) else name
    return text if task == "style" else f"{text} ({task})"


def _describe(verdicts: pd.DataFrame) -> str:
    said = [
        describe_verdict(verdict, proposed, task)
        for verdict, proposed, task in zip(
            verdicts["verdict"], verdicts["proposed"], verdicts["task"], strict=True
        )
    ]
    reviewers = verdicts["reviewer"].to_numpy()
    return " · ".join(
        f"{text} ({', '.join(dict.fromkeys(reviewers[[s == text for s in said]]))})"
        for text in dict.fromkeys(said)
    )
