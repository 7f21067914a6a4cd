"""A vocabulary: terms are found in any form, and what contradicts itself is refused."""

from __future__ import annotations

import numpy as np
import pytest

from core.collection.errors import CollectionError
from core.collection.reading.vocabulary import Concept, Vocabulary

MODERN = Vocabulary(
    (
        Concept("Modern Art"),
        Concept("Cubism", ("Kubismus",), ("Modern Art",), "http://vocab.example/1"),
        Concept("Analytical Cubism", (), ("Cubism",)),
        Concept("Realism"),
    )
)


def test_a_term_is_found_in_any_form_and_by_any_variant() -> None:
    for label in ("Cubism", "CUBISM", "kubismus", " cubism "):
        found = MODERN.find(label)
        assert found is not None
        assert found.term == "Cubism"
    assert MODERN.find("Dada") is None
    assert MODERN.find_uri("Kubismus") == "http://vocab.example/1"
    assert MODERN.find_uri("Realism") is None


def test_depth_is_told_at_any_distance_and_of_kin_alone() -> None:
    assert MODERN.compare("Analytical_Cubism", "Cubism") == "broader"
    assert MODERN.compare("Modern Art", "Analytical Cubism") == "narrower"
    assert MODERN.compare("Cubism", "Kubismus") is None
    assert MODERN.compare("Cubism", "Realism") is None
    assert MODERN.list_broader("Analytical Cubism") == {"Cubism", "Modern Art"}
    assert MODERN.describe("Analytical Cubism") == "Analytical Cubism, a kind of Cubism"


def test_the_map_of_classes_says_what_comparing_each_two_says() -> None:
    classes = ["Analytical_Cubism", "Cubism", "Dada", "Modern_Art"]
    broader = MODERN.map_broader(classes)
    each = [[MODERN.compare(one, other) == "broader" for other in classes] for one in classes]
    np.testing.assert_array_equal(broader, each)
    assert broader.sum() == 3


@pytest.mark.parametrize(
    ("concepts", "told"),
    [
        ((), "0 terms"),
        ((Concept("Cubism"), Concept("CUBISM", uri="http://a.example/2")), "a.example/2"),
        ((Concept("Cubism", ("Dada",)), Concept("Dada")), '"Dada" stands for two terms'),
        ((Concept("Cubism", broader=("Modernn",)),), "found Modernn"),
        ((Concept("Cubism", broader=("Cubism",)),), "Cubism > Cubism"),
        (
            (
                Concept("A", broader=("B",)),
                Concept("B", broader=("C",)),
                Concept("C", ("c1",), ("A",)),
            ),
            "broader than themselves",
        ),
        ((Concept("Cubism", uri="aat 300021495"),), "absolute"),
        ((Concept("Cub\nism"),), "one line"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(
    concepts: tuple[Concept, ...], told: str
) -> None:
    with pytest.raises(CollectionError) as refused:
        Vocabulary(concepts)
    assert told in str(refused.value)
