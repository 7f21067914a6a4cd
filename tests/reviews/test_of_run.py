"""Which verdicts of a log are on a run's labels."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.artifacts import open_run
from core.label_word import name_labels
from core.reviews.log import build_table
from core.reviews.of_run import take_standing
from core.reviews.places import place_on_labels
from core.tasks import FURTHER
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


def test_a_verdict_from_before_a_work_had_several_labels_is_on_the_one_it_names() -> None:
    paintings = pd.DataFrame(
        {
            "key": ["two", "one"],
            "given_style": ["Cubism", "Dada"],
            FURTHER: [("Realism",), None],
        }
    )
    verdicts = build_table(
        [
            say("two", given="Realism"),
            say("two", given="Fauvism", reviewer="Bo"),  # a label that is gone
            say("two", task="artist", given="Cubism"),
            say("one", given="Dada", of_several="Dada"),
            say("one", given="Fauvism", of_several="Fauvism", reviewer="Bo"),
            say("elsewhere", given="Cubism"),
        ]
    )
    placed = place_on_labels(verdicts, paintings)["of_several"]
    told = [each if isinstance(each, str) else None for each in placed]
    assert told == ["Realism", None, None, None, "Fauvism", None]
    assert place_on_labels(verdicts, paintings.drop(columns=FURTHER))["of_several"].isna()[0]


def test_a_later_verdict_on_one_of_several_supersedes_one_from_before(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path))
    key, front = run.paintings["key"][3], run.paintings["given_style"][3]
    second = next(name for name in run.classes("style") if name != front)
    further = [(second,) if row == 3 else None for row in range(len(run))]
    run.paintings[FURTHER] = pd.Series(further, dtype="object")
    content = run.paintings["content_hash"][3]
    before = say(key, verdict="wrong", given=front, content_hash=content)
    since = [
        say(key, given=each, of_several=each, content_hash=content) for each in (front, second)
    ]
    taken = take_standing(build_table([before, *since]), run)
    told = list(zip(taken["of_several"], taken["verdict"], strict=True))
    assert told == [(front, "right"), (second, "right")]
