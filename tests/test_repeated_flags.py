"""A flag that is given twice: no value is dropped silently, on any command line."""

from __future__ import annotations

import pytest

from core.command_line import parse_arguments
from core.errors import UserError
from core.repeated_flags import gather_repeated
from core.training.config import TrainConfig
from tests.programs import call


def parse(*words: str) -> TrainConfig:
    return parse_arguments(TrainConfig, "", arguments=["museum.csv", *words])


@pytest.mark.parametrize(
    "words",
    [
        ("--watch", "Klint", "Hopper"),
        ("--watch", "Klint", "--seed", "3", "--watch", "Hopper"),
        ("--watch=Klint", "--watch=Hopper"),
    ],
)
def test_values_of_a_list_go_together_however_they_are_given(words: tuple[str, ...]) -> None:
    assert parse(*words).watch == ("Klint", "Hopper")


def test_a_list_before_what_is_read_leaves_flags_between_as_they_are() -> None:
    words = ["--watch", "A", "--seed", "3", "--watch", "B", "C", "--dry-run", "museum.csv"]
    assert gather_repeated(TrainConfig, words) == [
        *("--seed", "3", "--dry-run", "museum.csv"),
        *("--watch", "A", "B", "C"),
    ]


def test_flags_that_are_there_to_be_repeated_stay() -> None:
    config = parse("--also", "School", "--also", "Era", "--join", "a.csv", "--join", "b.csv")
    assert config.also == ("School", "Era")
    assert [path.name for path in config.collection.join] == ["a.csv", "b.csv"]


@pytest.mark.parametrize(
    "words",
    [
        ("--second-opinion", "resnet18", "--second-opinion", "resnet34"),
        ("--label-column=School", "--label_column", "Era"),  # of the nested options
    ],
)
def test_a_second_value_of_a_flag_that_takes_one_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match=r"--(second-opinion|label-column) is given twice"):
        parse(*words)


def test_the_same_value_twice_is_the_value() -> None:
    assert parse("--seed", "3", "--seed", "3").seed == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("train.py", ("museum.csv", "--seed", "1", "--seed", "2")),
        ("core.fetch", ("museum.csv", "--to", "a", "--to", "b")),
        ("core.classify", ("a.jpg", "--run", "a", "--run", "b")),
        ("core.reviews", ("export", "a.csv", "--run", "a", "--run", "b")),
        ("core.report", ("a", "b.html", "--reviews", "secret-1", "--reviews", "secret-2")),
        ("dashboard", ("--iiif-origins", "https://a.org", "--iiif-origins", "https://b.org")),
    ],
)
def test_every_program_says_so_and_shows_neither_value(
    program: str, words: tuple[str, ...]
) -> None:
    refused = call(program, *words)
    assert refused.returncode == 2
    assert f"{words[-2]} is given twice. Leave one of the two out." in refused.stderr
    assert "secret" not in refused.stderr
    assert "Traceback" not in refused.stderr
