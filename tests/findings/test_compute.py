"""All findings together, on a small made-up collection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.artifacts.schema import CASES, FINDINGS, PAIRS, REASONS, STYLE_YEARS
from core.errors import UserError
from core.findings.compute import compute_findings
from core.findings.evidence import Evidence, FoldView, TaskEvidence
from core.findings.labels.reasons import tell
from core.text import NBSP
from tests.reading_reasons import read_reasons

CLASSES = ("Baroque", "Cubism", "Minimalism")


def build_evidence(count: int = 240, seed: int = 0) -> Evidence:
    """Three styles at three corners; painting 5's label is wrong, 1 and 2 are one picture."""
    rng = np.random.default_rng(seed)
    truth = np.arange(count) % 3
    probabilities = 0.1 + 0.7 * np.eye(3)[truth]
    embeddings = np.eye(8)[truth] + rng.normal(scale=0.2, size=(count, 8))
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    labels = truth.copy()
    labels[5] = 0
    labels[7], probabilities[9] = -1, 0
    duplicates = np.arange(count)
    duplicates[2] = 1
    fold = np.arange(count) % 2
    folds = tuple(
        FoldView(
            np.flatnonzero(fold == number),
            np.flatnonzero(fold != number),
            embeddings[fold == number],
            embeddings[fold != number],
        )
        for number in range(2)
    )
    paintings = pd.DataFrame(
        {
            "key": [f"{CLASSES[label]}/painter_{row}.jpg" for row, label in enumerate(labels)],
            "artist": pd.array([f"Painter {row % 24}" for row in range(count)], dtype="str"),
            "year": pd.array(1600 + 100 * truth + rng.integers(30, size=count), dtype="Int16"),
        }
    )
    paintings.loc[11, ["artist", "year"]] = None
    thumbnails = rng.integers(0, 255, size=(count, 32, 32, 3), dtype=np.uint8)
    dynamics = np.where(labels == truth, 2.0, -2.0)[:, None] + rng.normal(size=(count, 6)) * 0.1
    return Evidence(
        paintings,
        {"style": TaskEvidence(CLASSES, labels, probabilities)},
        duplicates,
        folds,
        embeddings,
        np.argsort(-(embeddings @ embeddings.T), axis=1)[:, 1:9],
        thumbnails,
        dynamics,
        probabilities,
    )


def test_the_wrong_label_comes_first_and_is_explained() -> None:
    findings = compute_findings(build_evidence())
    table = findings.table
    assert table["score"].idxmax() == 5
    assert table.loc[5, "suggested"] == "Minimalism"
    reasons = "\n".join(tell(read_reasons(findings.reasons, [5])[0]).lines)
    assert f"the model sees Minimalism, 80{NBSP}% sure" in reasons
    assert "labelled Baroque" in reasons
    assert "Painter 5" in reasons
    assert "the Baroque here ends in" in reasons
    assert "never came to accept" in reasons


def test_tables_are_shaped_for_their_files() -> None:
    findings = compute_findings(build_evidence())
    for table, spec in (
        (findings.table, FINDINGS),
        (findings.reasons, REASONS),
        (findings.cases, CASES),
        (findings.pairs, PAIRS),
        (findings.style_years, STYLE_YEARS),
    ):
        assert table.dtypes.astype(str).to_dict() == spec.dtypes
    assert len(findings.table) == 240
    scores = findings.table["score"]
    assert scores.index[scores.isna()].tolist() == [7, 9]
    assert scores.dropna().between(0, 1).all()
    assert findings.reasons["row"].drop_duplicates().tolist() == list(range(240))
    assert findings.table.loc[[7, 9], "quadrant"].tolist() == ["unlabelled", "not judged"]
    assert findings.style_years["style"].tolist() == list(CLASSES)


def test_a_broader_or_narrower_answer_is_a_matter_of_depth_and_no_doubt() -> None:
    evidence = build_evidence()
    labels = evidence.style.labels.copy()
    labels[8] = 1  # Cubism, seen as Minimalism
    broader = np.zeros((3, 3), dtype=bool)
    broader[1, 2] = True  # Minimalism is the broader term of Cubism
    style = TaskEvidence(CLASSES, labels, evidence.style.probabilities)
    before = compute_findings(replace(evidence, tasks={"style": style})).table.loc[8]
    assert before["score"] > 0.5
    assert before["quadrant"] == "genuine outlier"
    found = compute_findings(replace(evidence, tasks={"style": replace(style, broader=broader)}))
    after = found.table.loc[8]
    assert (after["quadrant"], after["depth"], after["suggested"]) == (
        *("other depth", "broader"),
        "Cubism",
    )
    assert after["score"] < 0.2
    told = tell(read_reasons(found.reasons, [8])[0])
    assert told.favour == ()
    assert told.lines[1] == (
        "By the vocabulary Minimalism is a broader term of the style given: a matter of depth, no "
        "error."
    )
    swapped = replace(style, broader=broader.T)
    assert compute_findings(replace(evidence, tasks={"style": swapped})).table.at[8, "depth"] == (
        "narrower"
    )
    others = found.table.drop(index=8)
    assert others["depth"].isna().all()
    assert others["score"].idxmax() == 5  # Baroque, seen as Minimalism: doubted as ever


def test_shares_of_neighbours_add_up() -> None:
    table = compute_findings(build_evidence()).table
    agree = table["neighbour_other"] + table["neighbour_given"]
    rows = table["neighbour_given"].notna()
    assert rows.sum() == 239
    assert (agree[rows] <= 1 + 1e-5).all()
    assert table.loc[rows & (table["score"] < 0.2), "neighbour_given"].mean() > 0.9


def test_it_does_with_less() -> None:
    """Keys, labels and probabilities alone are enough."""
    full = build_evidence()
    bare = Evidence(
        full.paintings.assign(artist=None, year=pd.array([None] * 240, dtype="Int16")),
        full.tasks,
        np.arange(240),
    )
    table = compute_findings(bare).table
    assert table["score"].idxmax() == 5
    for column in (
        "novelty",
        "neighbour_given",
        "oeuvre_given_share",
        "anachronism_given",
        "medium",
    ):
        assert table[column].isna().all(), column
    assert (table["suspected_by"] == "not known").all()
    assert (table["duplicate_group"] == -1).all()


def test_a_label_accepted_at_one_epoch_is_not_said_never_to_have_been() -> None:
    evidence = build_evidence()
    assert evidence.dynamics is not None

    def count_said(each: Evidence) -> int:
        return int((compute_findings(each).reasons["kind"] == "dynamics").sum())

    assert count_said(evidence) > 0
    once = evidence.dynamics.copy()
    once[:, 2] = 0.01
    assert count_said(replace(evidence, dynamics=once)) == 0


def test_the_default_watch_list_is_reported() -> None:
    cases = compute_findings(build_evidence()).cases
    watched = cases[cases["watched"]]
    assert watched["type"].tolist() == ["no works"] * 3


def test_the_same_evidence_gives_the_same_findings() -> None:
    first, second = (compute_findings(build_evidence()) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, second.table)
    pd.testing.assert_frame_equal(first.reasons, second.reasons)
    pd.testing.assert_frame_equal(first.cases, second.cases)


def test_arrays_of_another_length_are_refused() -> None:
    with pytest.raises(UserError, match=r"dynamics.*239 rows.*240"):
        replace(build_evidence(), dynamics=np.zeros((239, 3)))


def test_evidence_without_style_is_refused() -> None:
    with pytest.raises(UserError, match="style"):
        replace(build_evidence(), tasks={})


def test_a_collection_that_no_fold_scored_has_no_findings() -> None:
    full = build_evidence()
    style = full.tasks["style"]
    unscored = replace(style, probabilities=np.zeros_like(style.probabilities))
    findings = compute_findings(replace(full, tasks={"style": unscored}, folds=(), dynamics=None))
    assert findings.table["score"].isna().all()
    assert findings.table["suggested"].isna().all()
    told = [tell(each).against[0] for each in read_reasons(findings.reasons, np.arange(240))]
    assert np.mean(["not judged in this run" in text for text in told]) > 0.9
    labelled = style.labels >= 0
    assert set(findings.table.loc[labelled, "quadrant"]) == {"not judged"}
    assert set(findings.cases["type"]) == {"no works"}


def test_only_the_official_validation_list_may_be_scored() -> None:
    full = build_evidence()
    style = full.tasks["style"]
    scored = np.arange(240)[:, None] % 3 == 0
    part = replace(style, probabilities=np.where(scored, style.probabilities, 0))
    table = compute_findings(replace(full, tasks={"style": part})).table
    assert table["score"].notna().sum() == 79  # of 80, one was never scored
    assert table["score"].dropna().max() < 0.5
    learned = ~scored[:, 0] & (style.labels >= 0)
    assert set(table.loc[learned, "quadrant"]) == {"not judged"}
    assert table.loc[learned, "oeuvre_given_share"].notna().any()  # their labels still bear witness


def test_a_style_of_one_painting_is_labelled_and_not_judged() -> None:
    full = build_evidence()
    style = full.tasks["style"]
    given = np.array([*CLASSES, None], dtype=object)[style.labels]
    given[12] = "Tonalism"  # the only one: no class is learned of it
    labels = style.labels.copy()
    labels[12] = -1
    lone = replace(style, labels=labels, given=given)
    findings = compute_findings(replace(full, tasks={"style": lone}))
    table = findings.table
    assert table.loc[[7, 9, 12], "quadrant"].tolist() == ["unlabelled", "not judged", "not judged"]
    assert table["score"].isna()[12]
    (first, *_) = tell(read_reasons(findings.reasons, [12])[0]).lines
    assert first.startswith("Labelled Tonalism; the model sees ")
