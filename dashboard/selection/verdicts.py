"""Verdicts in words, and the columns of verdicts and sets that pages and filters read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.words import class_name

if TYPE_CHECKING:  # filters need only the names: the verdicts' database is imported later
    from core.reviews import Verdict

VERDICT_NAMES: Final[dict[Verdict, str]] = {
    "right": "Label is right",
    "outlier": "Genuine outlier",
    "wrong": "Wrong label",
    "unsure": "Unsure",
    "bad image": "Not a painting",
    "several hands": "Not by one hand",
}
SUMMARY: Final = "verdict_summary"
MINE: Final = "mine"
REVIEWED, OPEN, DISPUTED = "is_reviewed", "is_open", "is_disputed"
KINDS: Final = "verdict_kinds"
SETS, SET_NAMES = "sets", "set_names"


def describe_verdict(
    verdict: str, proposed: object, task: str = "style", of_several: object = None
) -> str:
    """``"Wrong: should be Baroque"``; the task is named where it is not ``style``.

    Of several labels the one that was judged is named: ``"Cubism: label is right"``.
    """
    name = VERDICT_NAMES.get(verdict, verdict)  # type: ignore[call-overload]
    text = f"Wrong: should be {class_name(str(proposed))}" if isinstance(proposed, str) else name
    if isinstance(of_several, str):
        text = f"{class_name(of_several)}: {text[0].lower()}{text[1:].replace(':', ',', 1)}"
    return text if task == "style" else f"{text} ({task})"
