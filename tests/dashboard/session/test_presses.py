"""The server's rule for a press: what it must name, and when it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.reading.vocabulary import Concept, Vocabulary
from core.reviews import VerdictRefused
from dashboard.selection.ticks import MOST_TICKED
from dashboard.session.presses import (
    Card,
    Judged,
    Ticked,
    Undone,
    check_judged,
    match_class,
    read_press,
)

CLASSES = ("Art_Nouveau_Modern", "Cubism", "Impressionism", "Post_Impressionism")
CARD = Card("Cubism/a.jpg", "style", "Cubism")
SAID = {"kind": "verdict", "id": "0" * 32, "painting": "Cubism/a.jpg", "task": "style"}


def read(**more: Any) -> Judged:
    press = read_press(SAID | {"verdict": "wrong", "note": ""} | more)
    assert isinstance(press, Judged)
    return press


def test_a_press_says_what_was_on_the_screen() -> None:
    press = read(proposed="Impressionism", note="Seen in Paris")
    assert press == Judged(
        "0" * 32, "Cubism/a.jpg", "style", "wrong", "Impressionism", "Seen in Paris", False
    )
    assert check_judged(press, CARD, CLASSES) == press


def test_with_a_vocabulary_its_terms_alone_are_recorded_whatever_is_confirmed() -> None:
    classes = ("Art_Nouveau_Modern", "Cubism", "Post_Impressionism", "Op Art")
    terms = Vocabulary(
        (
            *(
                Concept("Art Nouveau Modern"),
                Concept("Cubism"),
                Concept("Op Art", ("Optical Art",)),
            ),
            Concept("Post-Impressionism", ("Postimpressionismus",)),
        )
    )

    def check(text: str, confirmed: bool = False) -> str | None:
        press = read(proposed=text, confirmed=confirmed)
        return check_judged(press, CARD, classes, vocabulary=terms).proposed

    assert check("postimpressionismus") == "Post_Impressionism"
    assert check("optical art") == check("Op Art") == "Op Art"
    for confirmed in (False, True):
        with pytest.raises(VerdictRefused, match="no term of the vocabulary"):
            check("Dada", confirmed)
    with pytest.raises(VerdictRefused, match="cannot be the given one"):
        check("CUBISM")


@pytest.mark.parametrize("card", [None, Card("Cubism/b.jpg", "style", "Cubism")])
def test_a_press_on_another_painting_than_the_card_is_refused_by_name(card: Card | None) -> None:
    with pytest.raises(VerdictRefused, match="“Woman with a guitar” was no longer the painting"):
        check_judged(read(), card, CLASSES, "Woman with a guitar")


def test_a_press_on_another_label_than_the_card_is_refused() -> None:
    with pytest.raises(VerdictRefused, match="its task"):
        check_judged(read(), Card("Cubism/a.jpg", "genre", None), CLASSES)
    for label, said in (("Op_Art", "the label Op Art"), ("", "no label")):
        with pytest.raises(VerdictRefused, match=f"shown with {said}, and another"):
            check_judged(read(label=label), CARD, CLASSES)


@pytest.mark.parametrize("text", ["Impressionism", "impressionism", "  IMPRESSIONISM "])
def test_a_class_is_meant_whatever_its_case_and_spaces(text: str) -> None:
    assert check_judged(read(proposed=text), CARD, CLASSES).proposed == "Impressionism"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("post impressionism", "Post_Impressionism"),
        ("Post-Impressionism", "Post_Impressionism"),
        ("art  nouveau-modern", "Art_Nouveau_Modern"),
        ("Impress", None),
        ("", None),
    ],
)
def test_classes_are_found_as_people_write_them(text: str, name: str | None) -> None:
    assert match_class(text, CLASSES) == name


def test_another_term_needs_a_second_word() -> None:
    with pytest.raises(VerdictRefused, match="'Impress' is not a style of this collection"):
        check_judged(read(proposed="Impress"), CARD, CLASSES)
    held = check_judged(read(proposed=" Luminism  light ", confirmed=True), CARD, CLASSES)
    assert held.proposed == "Luminism light"


@pytest.mark.parametrize("said", ["true", 1, "yes", None])
def test_only_true_confirms(said: object) -> None:
    with pytest.raises(VerdictRefused):
        check_judged(read(proposed="Impress", confirmed=said), CARD, CLASSES)


@pytest.mark.parametrize("text", ["Cubism", "cubism "])
def test_a_label_is_not_replaced_by_itself(text: str) -> None:
    with pytest.raises(VerdictRefused, match="cannot be the given one"):
        check_judged(read(proposed=text, confirmed=True), CARD, CLASSES)


@pytest.mark.parametrize("text", ["", " ", "x" * 121, "Ba\u202eroque", "a\x00b"])
def test_no_term_is_recorded_that_cannot_be_read(text: str) -> None:
    with pytest.raises(VerdictRefused, match="the proposed label"):
        check_judged(read(proposed=text, confirmed=True), CARD, CLASSES)


def test_only_a_wrong_label_proposes() -> None:
    press = read(verdict="right", proposed="Impressionism")
    assert check_judged(press, CARD, CLASSES).proposed is None


@pytest.mark.parametrize(
    "more",
    [
        {"id": "0" * 31},
        {"id": "Z" * 32},
        {"id": None},
        {"kind": "vote"},
        {"verdict": "undone"},
        {"verdict": ["right"]},
        {"task": "price"},
        {"painting": 7},
        {"note": "x" * 2001},
        {"proposed": {"a": 1}},
        {"kind": "undo", "rows": []},
        {"kind": "undo", "rows": "abc"},
        {"kind": "undo", "rows": [7]},
        {"kind": "undo", "rows": ["a"] * 501},
        {"kind": "undo", "rows": ["a' OR 1"]},
    ],
)
def test_what_no_page_sends_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(VerdictRefused):
        read_press(SAID | {"verdict": "right"} | more)


def test_ticks_are_rows_and_not_too_many() -> None:
    said = {"kind": "tick", "id": "0" * 32}
    assert read_press(said | {"rows": [7, 3]}) == Ticked("0" * 32, (7, 3))
    for rows in (None, "7", [7, "3"], [True], [1.5], list(range(MOST_TICKED + 1))):
        with pytest.raises(VerdictRefused):
            read_press(said | {"rows": rows})


def test_undo_names_its_rows_each_once() -> None:
    press = read_press({"kind": "undo", "id": "1" * 32, "rows": ["b", "a", "b"]})
    assert press == Undone("1" * 32, ("b", "a"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(
    st.dictionaries(
        st.sampled_from(("kind", "id", "painting", "task", "verdict", "proposed", "note", "rows")),
        st.sampled_from(("verdict", "skip", "undo", "0" * 32, "style", "wrong")) | JSON,
    )
    | JSON
)
def test_whatever_comes_is_a_press_or_refused(value: object) -> None:
    try:
        press = read_press(value)
    except VerdictRefused:
        return
    assert len(press.id) == 32
