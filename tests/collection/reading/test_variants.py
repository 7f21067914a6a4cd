"""Labels meet a vocabulary."""

from __future__ import annotations

import pandas as pd

from core.collection.account import Account
from core.collection.reading.variants import meet_terms
from core.collection.reading.vocabulary import Concept, Vocabulary
from core.label_word import STYLE
from core.tasks import FURTHER

TERMS = Vocabulary((Concept("Cubism", ("Kubismus", "Cubist")), Concept("Op Art", ("Optical",))))


def test_variants_become_the_term_as_the_collection_spells_it() -> None:
    paintings = pd.DataFrame({"given_style": ["CUBISM", "Kubismus", "Optical", "Dada", None]})
    account = Account()
    met, said = meet_terms(paintings, TERMS, account, STYLE)
    assert met["given_style"].fillna("").tolist() == ["CUBISM", "CUBISM", "Op Art", "Dada", ""]
    assert said == [
        'Variants read as terms of the vocabulary: "Kubismus" as "CUBISM", "Optical" as "Op Art".',
        "Styles that are no term of the vocabulary, and stay as they are: 1 (Dada).",
    ]
    assert account.count("label", "changed") == 2


def test_variants_become_the_term_as_it_was_spelled_before() -> None:
    paintings = pd.DataFrame({"given_style": ["cubism", "Kubismus", "OP ART", "Optical"]})
    former = ["Cubism", "cubism"]
    met, _ = meet_terms(paintings, TERMS, Account(), STYLE, former)
    assert met["given_style"].tolist() == ["Cubism", "Cubism", "OP ART", "OP ART"]


def test_labels_of_one_work_that_mean_the_same_are_one() -> None:
    several = pd.Series([("Kubismus", "Op Art"), ("Cubist",), None], dtype="object")
    styles = ["Cubism", "Kubismus", "Cubist"]
    met, _ = meet_terms(
        pd.DataFrame({"given_style": styles, FURTHER: several}), TERMS, Account(), STYLE
    )
    assert met["given_style"].tolist() == ["Cubism"] * 3
    assert met[FURTHER].tolist() == [("Op Art",), None, None]
