"""What training hands on to the findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.training.evidence import name_artists
from tests.reviews.conftest import say
from tests.training.test_verdicts import build, record


def test_verdicts_name_the_artist_of_what_they_relabelled(patterns: Path, tmp_path: Path) -> None:
    _, plain = build(patterns, tmp_path)
    key, printed = str(plain.paintings["key"][0]), plain.paintings["artist"][0]
    other = next(name for name in plain.paintings["artist"] if name != printed)
    relabel = say(key, "wrong", task="artist", given=printed, proposed=other)
    _, subject = build(patterns, tmp_path, verdicts=record(tmp_path, relabel))
    told = name_artists(subject, "artist").tolist()
    assert told == [other, *plain.paintings["artist"][1:]]
    assert name_artists(plain, "artist").tolist() == plain.paintings["artist"].tolist()


def test_of_a_relabelled_artist_whose_printed_name_stays_nothing_is_said(
    patterns: Path, tmp_path: Path
) -> None:
    _, plain = build(patterns, tmp_path)
    key, label = str(plain.paintings["key"][0]), plain.paintings["given_style"][0]
    relabel = say(key, "wrong", given=label, proposed="Another")
    _, subject = build(patterns, tmp_path, verdicts=record(tmp_path, relabel))
    subject = replace(subject, collection=replace(subject.collection, of_artists=True))
    assert name_artists(subject, "style").tolist() == [None, *plain.paintings["artist"][1:]]
