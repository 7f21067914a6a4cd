"""How many works carry each label, with and without some of them."""

from __future__ import annotations

from dashboard.selection.several_labels import Tally, count_labels

WORKS = [["Cubism"], ["Cubism", "Fauvism"], [], ["Realism", "Cubism"]]


def test_works_without_a_label_do_not_count() -> None:
    tally = count_labels(WORKS)
    assert tally.works == 3
    assert tally.find_commonest() == ("Cubism", 3)


def test_of_no_works_there_is_no_commonest_label() -> None:
    assert Tally().find_commonest() == ("", 0)


def test_the_first_of_the_likeliest_is_the_commonest() -> None:
    assert count_labels([["Fauvism"], ["Cubism"]]).find_commonest() == ("Fauvism", 1)


def test_what_is_taken_out_is_as_if_it_had_not_been_counted() -> None:
    left = count_labels(WORKS).without([WORKS[1], []])
    assert (left.works, left.find_commonest()) == (2, ("Cubism", 2))
    assert +left.labels == count_labels([WORKS[0], WORKS[3]]).labels
    assert count_labels(WORKS).without(WORKS).find_commonest()[1] == 0


def test_taking_out_leaves_the_tally_itself_as_it_was() -> None:
    tally = count_labels(WORKS)
    tally.without(WORKS)
    assert tally == count_labels(WORKS)
