"""Which verdicts of a log are on a run's labels."""

from __future__ import annotations

from pathlib import Path

from core.artifacts import open_run
from core.label_word import name_labels
from core.reviews.log import build_table
from core.reviews.of_run import take_standing
from tests.reviews.conftest import say
from tests.synthetic_run import build_run


def test_verdicts_on_other_labels_are_left_and_renamed_paintings_found(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path, word=name_labels("school")))
    key, content = run.paintings["key"][3], run.paintings["content_hash"][3]
    verdicts = build_table(
        [
            say("former/name.jpg", task="school", content_hash=content),
            say(key, task="style"),
            say("gone.jpg", task="genre"),
        ]
    )
    taken = take_standing(verdicts, run)
    told = list(zip(taken["key"], taken["task"], strict=True))
    assert told == [(key, "style"), ("gone.jpg", "genre")]
