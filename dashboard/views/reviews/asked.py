"""What the queue asks about: the labels that are checked, or who painted the works; all paintings,
or those of a worklist.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from core.reviews import ReviewLog
from core.reviews.asked import OF_SEVERAL
from core.reviews.worklists import Assigned
from core.tasks import Task
from dashboard.runs.open_run import OpenRun
from dashboard.session import ahead, worklists

_TASK: Final = "queue.task"


@dataclass(frozen=True)
class Asked:
    """``task``: the labels that are judged. ``own``: the visitor's worklist that is worked on."""

    task: Task
    own: Assigned | None = None

    @property
    def name(self) -> str:
        """Under which the paintings that come next are kept."""
        return f"{self.task} {self.own.worklist.id if self.own else ''}"


def find_asked(opened: OpenRun, log: ReviewLog) -> Asked:
    """A worklist says which labels; else the queue's settings do. Raises ``ReviewsError``."""
    if own := worklists.find_worked_on(opened, log):
        return Asked(own.task, own)
    chosen = st.session_state.get(_TASK)
    return Asked(chosen if chosen in opened.reviewed else "style")


def render_task(opened: OpenRun) -> None:
    """A choice of the labels, in a run that has two kinds to ask about."""
    if len(opened.reviewed) > 1:
        st.segmented_control(
            "Judge",
            opened.reviewed,
            format_func=lambda task: (
                "Attributions" if task == "artist" else opened.word.plural.capitalize()
            ),
            default="style",
            required=True,
            key=_TASK,
            on_change=ahead.forget_promises,
        )


def view_task(table: pd.DataFrame, task: Task) -> pd.DataFrame:
    """``table`` with what is asked about in the columns of the queue: of artists the attribution,
    its doubt and the nearest hand.
    """
    if task == "style":
        return table
    hand, named = table["attribution_hand"].astype("object"), table["given_artist"]
    is_nearer = table["attribution_hand_share"] > table["attribution_share"]
    others = [name for name in OF_SEVERAL if name in table]
    return table.drop(columns=others).assign(
        given=named,
        suggested=hand,
        predicted=hand.where(is_nearer, named),
        score=table["attribution_doubt"],
    )


def list_assigned(
    opened: OpenRun,
    asked: Asked,
    judged: pd.Series,
    labels: Collection[int],
    skipped: Collection[str],
) -> np.ndarray:
    """Rows of the worklist that wait for its person, the most doubtful first, all that has no score
    last. ``judged``: keys that the person has judged; ``labels``: rows of works of several labels
    of which one waits still.
    """
    if asked.own is None:
        return np.array([], dtype=int)
    rows = [opened.find_row(key) for key in asked.own.found.keys if key not in skipped]
    done = {opened.find_row(key) for key in judged}.difference(labels)
    left = np.array([row for row in rows if row >= 0 and row not in done], dtype=int)
    score = view_task(opened.table, asked.task)["score"].to_numpy(dtype=float, na_value=np.nan)
    return left[np.argsort(-np.nan_to_num(score[left], nan=-1), kind="stable")]
