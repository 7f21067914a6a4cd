"""Verdicts find the picture that was judged, whatever it is called by now."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reviews.corrections import plan_corrections
from core.reviews.log import build_table
from core.reviews.renamed import follow_renamed
from tests.reviews.conftest import say


def collect(**files: str | None) -> pd.DataFrame:
    """Paintings by name, with the content of each file."""
    table = pd.DataFrame(
        {"key": list(files), "content_hash": pd.array(list(files.values()), "str")}
    )
    table = table.assign(given_style="Cubism", given_genre=None, given_artist=None, split=None)
    return table.astype({"key": "str"})


def follow(paintings: pd.DataFrame, **judged: str) -> dict[str, str]:
    """Judged name -> name by now, of verdicts on files of each content."""
    verdicts = build_table([say(key, content_hash=content) for key, content in judged.items()])
    now = follow_renamed(verdicts, paintings).verdicts["key"]
    return dict(zip(verdicts["key"], now, strict=True))


def test_a_renamed_painting_is_found_by_its_file() -> None:
    assert follow(collect(a="1", x="2"), a="1", b="2") == {"a": "a", "b": "x"}


def test_a_file_that_was_changed_is_found_by_its_name() -> None:
    assert follow(collect(a="other", b=None), a="1", b="2") == {"a": "a", "b": "b"}


def test_names_that_were_given_to_other_files_do_not_mislead() -> None:
    assert follow(collect(a="2", b="3", c="1"), a="1", b="2") == {"a": "c", "b": "a"}


def test_of_two_paintings_with_the_file_none_is_chosen() -> None:
    paintings = collect(x="1", y="1", z="2")
    followed = follow_renamed(build_table([say("a", content_hash="1")]), paintings)
    assert followed.verdicts["key"].tolist() == ["a"]
    assert followed.ambiguous == {"a"}
    assert follow(collect(a="3", x="1", y="1"), a="1") == {"a": "a"}
    assert follow(collect(a="1", x="1"), a="1") == {"a": "a"}


def test_former_names_are_told() -> None:
    entries = [say("a", content_hash="1"), say("b", content_hash="1"), say("c", content_hash="2")]
    followed = follow_renamed(build_table(entries), collect(x="1", c="2"))
    assert followed.former == {"x": ("a", "b")}


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["1", "2", "3", None])),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("123"))),
)
def test_each_verdict_stays_or_moves_to_the_one_painting_with_its_file(
    files: dict[str, str | None], judged: list[tuple[str, str]]
) -> None:
    verdicts = build_table([say(key, content_hash=content) for key, content in judged])
    followed = follow_renamed(verdicts, collect(**files))
    assert len(followed.verdicts) == len(verdicts)
    for (key, content), now in zip(judged, followed.verdicts["key"], strict=True):
        bearers = [name for name, held in files.items() if held == content]
        if now != key:
            assert bearers == [now]
            assert files.get(key) != content
        assert (key in followed.ambiguous) == any(
            k == key not in files and sum(held == c for held in files.values()) > 1
            for k, c in judged
        )


def test_training_says_what_was_found_and_what_not() -> None:
    wrong = {"verdict": "wrong", "proposed": "Baroque"}
    entries = [
        say("a", content_hash="1", **wrong),
        say("b", content_hash="2", **wrong),
        say("c", content_hash="3", **wrong),
    ]
    paintings = collect(x="1", y="2", z="2")
    planned = plan_corrections(paintings, build_table(entries), "relabel", keep_validation=False)
    assert planned.relabel(paintings)["given_style"].tolist() == ["Baroque", "Cubism", "Cubism"]
    assert planned.describe() == [
        "Verdicts on 3 labels (relabel): 1 relabelled, 0 kept.",
        "1 of them found again by the file's content: a is now x.",
        "Unchanged, 1: several paintings have the file that was judged.",
        "Unchanged, 1: the painting is not in this collection.",
    ]
    assert not planned.is_on_others


def test_of_a_reviewers_verdicts_under_both_names_the_later_counts() -> None:
    entries = [
        say("a", "wrong", content_hash="1", proposed="Baroque"),
        say("x", "right", content_hash="1"),
    ]
    paintings = collect(x="1")
    planned = plan_corrections(paintings, build_table(entries), "relabel", keep_validation=False)
    assert planned.table["action"].tolist() == ["keep"]


@pytest.mark.parametrize(("files", "expected"), [({"x": "9"}, True), ({"x": "1"}, False)])
def test_verdicts_on_another_collection_are_known_as_such(
    files: dict[str, str], expected: bool
) -> None:
    standing = build_table([say("a", content_hash="1"), say("b", content_hash="2")])
    planned = plan_corrections(collect(**files), standing, "relabel", keep_validation=False)
    assert planned.is_on_others is expected
