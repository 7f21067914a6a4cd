"""The first steps: what they say of the keys holds for the run."""

from __future__ import annotations

import pytest

from core.label_word import STYLE, LabelWord
from dashboard.views.overview.tour import _list_steps


@pytest.mark.parametrize(
    ("word", "keys"),
    [(STYLE, "1 to 5"), (LabelWord(singular="artist", plural="artists"), "1 to 6")],
)
def test_the_keys_named_are_those_that_judge_the_labels_of_the_run(
    word: LabelWord, keys: str
) -> None:
    assert f"Keys {keys} give a verdict" in _list_steps(word)[1]
