"""Verdicts from before a vocabulary."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.artifacts import open_run
from core.collection.reading.vocabulary import Concept, Vocabulary
from core.reviews.changes.plan import plan_changes
from core.reviews.corrections import plan_corrections
from core.reviews.log import build_table
from core.reviews.of_run import take_standing
from core.reviews.terms import read_terms
from core.tasks import FURTHER
from tests.reviews.conftest import say
from tests.synthetic_run import TERMS, build_run

WORDS = Vocabulary((Concept("Cubism", ("Kubismus",)), Concept("Dada", ("Dadaismus",))))
PAINTINGS = pd.DataFrame(
    {
        "key": ["a", "b"],
        "given_style": ["CUBISM", "Realism"],
        FURTHER: [None, ("CUBISM",)],
        "given_artist": ["Kubismus", None],
        "given_genre": None,
        "split": None,
    }
)


def test_variants_become_the_terms_as_the_paintings_spell_them() -> None:
    rows = build_table(
        [
            say("a", "wrong", given="Kubismus", proposed="Dadaismus"),
            say("b", given="Kubismus", of_several="Kubismus"),
            say("b", "wrong", given="Other", of_several="Other"),
            say("a", task="artist", given="Kubismus"),
        ]
    )
    read = read_terms(rows, WORDS, PAINTINGS).astype("object")
    told = read[["given", "proposed", "of_several"]].fillna("").to_numpy().tolist()
    assert told == [
        ["CUBISM", "Dada", ""],
        ["CUBISM", "", "CUBISM"],
        ["Other", "", "Other"],
        ["Kubismus", "", ""],
    ]
    assert read_terms(rows, None, PAINTINGS) is rows


def test_a_label_that_the_paintings_have_is_itself() -> None:
    own = PAINTINGS.assign(given_style=["CUBISM", "Kubismus"])
    assert read_terms(build_table([say(given="Kubismus")]), WORDS, own)["given"][0] == "Kubismus"


def test_right_of_a_variant_keeps_its_term() -> None:
    standing = build_table([say("a", given="Kubismus"), say("b", "wrong", given="Kubismus")])
    found = plan_corrections(
        PAINTINGS, standing, "relabel", keep_validation=False, vocabulary=WORDS
    )
    told = dict(zip(found.table["key"], found.table["outcome"], strict=True))
    assert told == {"a": "keep", "b": "mislabelled"}
    assert found.relabel(PAINTINGS)["given_style"].tolist() == ["CUBISM", "Realism"]


def test_a_run_and_its_change_file_read_a_variant_as_its_term(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path, vocabulary=TERMS))
    row, other = run.paintings.index[run.paintings["given_style"] == "Cubism"][:2]
    keys, files = run.paintings["key"], run.paintings["content_hash"]
    before = say(keys[row], given="Kubismus", content_hash=files[row])
    later = say(keys[row], "outlier", content_hash=files[row])
    wrong = say(
        keys[other], "wrong", given="Kubismus", proposed="Barock", content_hash=files[other]
    )
    standing = build_table([before, later, wrong])
    taken = take_standing(standing, run)
    assert taken["verdict"].tolist() == ["outlier", "wrong"]
    assert taken["given"].tolist() == ["Cubism", "Cubism"]
    (change,) = plan_changes(run, standing).table.to_dict("records")
    assert (change["row"], change["given"], change["label"]) == (other, "Cubism", "Baroque")
