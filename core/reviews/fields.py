"""Which verdicts of a log are on the labels that a run has.

In the log a verdict names its labels by their word: style, artist, genre, school, movement. A run
calls those that it checks ``style``, whatever their word.
"""

from __future__ import annotations

import pandas as pd

from core.collection.wording import count_of, list_some
from core.label_word import LabelWord
from core.tasks import TASKS


def take_own(verdicts: pd.DataFrame, word: LabelWord) -> pd.DataFrame:
    """Those of ``verdicts`` that are on labels of a run whose word is ``word``, by its tasks."""
    own = {word.name(task): task for task in reversed(TASKS)}  # labels called genre: the run's own
    tasks = verdicts["task"].map(own).astype("str")
    return verdicts.assign(task=tasks)[tasks.notna()]


def note_other_fields(verdicts: pd.DataFrame, word: LabelWord) -> list[str]:
    """A note on the ``verdicts`` that are on no labels of a run whose word is ``word``, if any."""
    others = verdicts.loc[~verdicts["task"].isin([word.name(task) for task in TASKS]), "task"]
    if others.empty:
        return []
    called = list_some(sorted(others.unique()), 3)
    return [
        f"{count_of(len(others), 'verdict')} on labels of another name left aside: {called}. "
        f"This run's labels are called {word.plural} (--label-word)."
    ]
