import pytest

from core.collection.reading.splits import parse_split


@pytest.mark.parametrize("word", ["train", "TRAIN", " Training set", "train-split", "trainset"])
def test_words_for_what_is_learned_from(word: str) -> None:
    assert parse_split(word) == "train"


@pytest.mark.parametrize("word", ["val", "valid", "Validation", "test_set", "TEST", "dev", "eval"])
def test_words_for_what_is_held_out(word: str) -> None:
    assert parse_split(word) == "val"


@pytest.mark.parametrize("word", ["", "set", "Baroque", "trains", "uncertain artist", "testament"])
def test_other_words(word: str) -> None:
    assert parse_split(word) is None
