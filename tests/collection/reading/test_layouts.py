import pytest

from core.collection.errors import CollectionError
from core.collection.reading.layouts import find_home, find_layout, is_time, parse_layout


@pytest.mark.parametrize("text", ["style", "split/style/artist", "*/style/**", "genre/style"])
def test_a_layout_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_layout(text)) == text


@pytest.mark.parametrize("text", ["", "artist", "style/style", "style/**/artist", "century/style"])
def test_what_is_no_layout_is_refused_with_examples(text: str) -> None:
    with pytest.raises(CollectionError, match="Examples: --layout style/artist"):
        parse_layout(text)


def test_levels_below_the_style_may_be_absent() -> None:
    layout = parse_layout("split/style/artist")
    assert layout.read(["train"]) is None
    assert layout.read(["train", "Baroque"]) == {"split": "train", "style": "Baroque"}
    assert layout.read(["a", "b", "c", "d"]) is None
    assert parse_layout("style/**").read(["a", "b", "c"]) == {"style": "a"}


def test_the_home_is_the_one_folder_that_holds_folders() -> None:
    assert find_home([(), ("a", "b", "Baroque"), ("a", "b", "Cubism")]) == ("a", "b")
    assert find_home([("a", "Baroque"), ("b", "Cubism")]) == ()
    assert find_home([("a",), ("a", "Baroque")]) == ()
    assert find_home([("Baroque",)]) == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *((name, True) for name in ("c17", "C. 18", "1900-1910", "1850s", "ca. 1900", "XIX")),
        *((name, True) for name in ("17th century", "19e siècle", "17. Jahrhundert", "19th")),
        *((name, False) for name in ("Baroque", "1", "12", "Gothic", "x", "civic", "Fauvism")),
    ],
)
def test_times_are_told_from_styles(name: str, told: bool) -> None:
    assert is_time(name) is told


def test_numbered_files_say_nothing_of_artists() -> None:
    images = [f"{style}/{style.lower()}_{n}.jpg" for style in ("Baroque", "Cubism") for n in (1, 2)]
    assert str(find_layout(images, "here")) == "style"
