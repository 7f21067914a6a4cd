"""Which label of a work of several is asked about next: the most doubtful one, then the others."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from core.tasks import FURTHER

OF_SEVERAL: Final = ("doubted_label", "label_doubt", FURTHER)  # that a table may have beside


def ask_several(table: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """``table`` with the label asked about in ``given`` and how doubtful it is in ``score``.

    ``table`` has key, given and score, for works of several ``OF_SEVERAL``; each label waits for a
    verdict of its own. Asked is ``doubted_label`` with its ``label_doubt``; then the others, the
    likeliest first, with the work's score. ``standing``: style verdicts in force; one from before
    a work had several labels is on the one it names, else on the one in front. A new column
    ``judged``, bool: nothing is left to ask.
    """
    judged = table["key"].isin(standing["key"])
    table = table.assign(judged=judged)
    if FURTHER not in table:
        return table
    several = table[table[FURTHER].notna() & table["given"].notna()]
    if several.empty:
        return table
    told = _gather_told(standing)
    asked = {
        row: _ask(painting, told.get(str(painting["key"]), set()))
        for row, painting in zip(several.index, several.to_dict("records"), strict=True)
    }
    found = pd.DataFrame.from_dict(asked, orient="index", columns=["given", "score", "judged"])
    given, score = table["given"].astype("object"), table["score"].astype(float)
    given[found.index], score[found.index] = found["given"], found["score"].astype(float)
    judged[found.index] = found["judged"].astype(bool)
    return table.assign(given=given, score=score, judged=judged)


def _gather_told(standing: pd.DataFrame) -> dict[str, set[tuple[str | None, bool]]]:
    """Labels judged of each painting, and whether as one of several; None: of the painting."""
    told: dict[str, set[tuple[str | None, bool]]] = {}
    columns = (standing[name] for name in ("key", "given", "of_several", "verdict"))
    for key, given, single, verdict in zip(*columns, strict=True):
        is_label = isinstance(given, str) and verdict != "bad image"
        judged = given if is_label else None, isinstance(single, str)
        told.setdefault(str(key), set()).add(judged)
    return told


def _ask(painting: dict[Any, Any], told: set[tuple[str | None, bool]]) -> tuple[str, float, bool]:
    """Label, doubt, and whether nothing is left."""
    front, score = str(painting["given"]), float(painting["score"])
    labels = [front, *painting[FURTHER]]
    judged = {label if label in labels or single else front for label, single in told if label}
    left = [label for label in labels if label not in judged]
    doubted = painting.get("doubted_label")
    if not left or any(label is None for label, _ in told):
        return front, score, True
    if doubted in left:
        return str(doubted), max(score, float(painting["label_doubt"])), False
    return left[0], score, False
