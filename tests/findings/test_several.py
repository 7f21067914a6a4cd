"""Works of several labels count under each; with one label a work every figure is as without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.findings.cases.artists import find_away
from core.findings.cases.kinds import CaseSettings
from core.findings.cases.movers import compare_years, find_movers
from core.findings.cases.pairs import find_pair_cases
from core.findings.compute import Findings, compute_findings
from core.findings.copies.duplicates import find_duplicates
from core.findings.evidence import Evidence, FoldView
from core.findings.labels.neighbour_evidence import compute_neighbour_evidence
from core.findings.labels.ranking import compute_ranking
from core.findings.oeuvre.other_works import tally_oeuvre
from core.findings.oeuvre.shift import compute_shifts
from core.findings.several import doubt_each, list_entries, mark_labels
from tests.findings.test_compute import CLASSES, build_evidence

NONE = np.empty((0, 2), dtype=int)


def add_labels(evidence: Evidence, others: dict[int, int]) -> Evidence:
    """``evidence`` with a second style on some works."""
    further = np.full((len(evidence.paintings), 1), -1)
    for row, label in others.items():
        further[row, 0] = label
    return replace(evidence, tasks={"style": replace(evidence.style, further=further)})


def test_each_label_is_an_entry_and_the_fronts_come_first() -> None:
    labels, further = np.array([2, 0, -1]), np.array([[1, 0], [-1, 0], [-1, -1]])
    rows, every = list_entries(labels, further)
    assert rows.tolist() == [0, 1, 2, 0, 0]
    assert every.tolist() == [2, 0, -1, 1, 0]  # its own label again is no second one
    assert mark_labels(labels, further, 3).tolist() == [
        [True, True, True],
        [True, False, False],
        [False, False, False],
    ]


def test_without_second_labels_nothing_differs_by_a_bit() -> None:
    plain, none = build_evidence(), add_labels(build_evidence(), {})
    expected, found = compute_findings(plain), compute_findings(none)
    for name in ("table", "reasons", "cases", "pairs", "style_years"):
        pd.testing.assert_frame_equal(
            getattr(found, name), getattr(expected, name), check_exact=True
        )
    assert (found.counted == expected.counted).all()


def test_the_artists_other_works_count_under_each_label_and_once_as_works() -> None:
    labels, further = np.array([0, 1, 0, 2]), np.array([[1], [-1], [2], [-1]])
    artists, alone = np.array([0, 0, 0, 1]), np.arange(4)
    oeuvre = tally_oeuvre(labels, np.zeros((4, 3)), artists, alone, further)
    assert oeuvre.works.tolist() == [2, 2, 2, 0]
    assert oeuvre.labelled[1].tolist() == [2, 1, 1]
    assert oeuvre.prior == pytest.approx(np.array([2.5, 2.5, 2.5]) / 7.5)


def test_the_nearest_works_count_under_each_label() -> None:
    embeddings = np.eye(8)[[0, 0, 0]]
    view = FoldView(np.array([0]), np.array([1, 2]), embeddings[:1], embeddings[1:])
    labels, further = np.array([0, 1, 2]), np.array([[-1], [2], [-1]])
    found = compute_neighbour_evidence(
        (view,), labels, np.arange(3), np.arange(3), 3, further=further
    )
    assert found.shares[0].tolist() == [0, 0.5, 1]


def test_a_work_seen_in_any_of_its_labels_is_not_away() -> None:
    seen, labels = np.eye(3)[[1, 2, 1]], np.array([0, 0, 0])
    assert find_away(seen, labels, np.array([[1], [1], [-1]])).tolist() == [0, 1, 1]


def test_an_artists_works_are_counted_once_whatever_their_labels() -> None:
    """The usual rate is that of both labels; a single work is not two."""
    artists = np.repeat(np.arange(8), 10)
    labels, away = artists % 2, (artists == 0).astype(float)
    further = np.where(artists < 4, 1 - labels, -1)[:, None]
    alone = np.arange(80)
    table = compute_shifts(away, away, labels, artists, alone, 5, further)
    assert table["works"].tolist() == [10] * 8
    assert table.loc[0, "observed"] == 1
    single = compute_shifts(away, away, labels, artists, alone, 5)
    np.testing.assert_array_equal(table["observed"], single["observed"])


def test_a_second_label_of_other_years_makes_an_artist_a_mover() -> None:
    labels, years = np.zeros(12, dtype=int), np.arange(1900.0, 1912)
    further = np.where(years < 1906, -1, 1)[:, None]
    rows, every = list_entries(labels, further)
    assert compare_years(every, years[rows], CaseSettings()) < 1
    assert find_movers({0: np.arange(12)}, labels, years, CaseSettings(), None) == set()


def test_what_one_work_is_labelled_is_no_confusion() -> None:
    labels, seen = np.repeat([0, 1, 2], 40), np.repeat([1, 1, 2], 40)
    answers, hands = np.eye(3)[seen], np.arange(120)
    alike = find_pair_cases("style", CLASSES, labels, answers, NONE, hands)
    assert alike["given"].tolist() == ["Baroque"]
    both = np.where(labels == 0, 1, -1)[:, None]
    none = find_pair_cases("style", CLASSES, labels, answers, NONE, hands, further=both)
    assert none.empty


def test_copies_of_the_same_labels_agree_in_any_order() -> None:
    keys, groups = pd.Series(["a", "b", "c", "d"]), np.array([0, 0, 1, 1])
    labels, further = np.array([0, 1, 0, 0]), np.array([[1], [0], [1], [-1]])
    found = find_duplicates(keys, labels, groups, further=further)
    assert found.labels_disagree.tolist() == [False, False, True, True]


def rank(further: np.ndarray | None) -> np.ndarray:
    chances = np.array([[0.6, 0.3, 0.1], [0.1, 0.1, 0.8]])
    labels, alone = np.array([0, 0]), np.arange(2)
    oeuvre = tally_oeuvre(labels, chances, alone, alone, further)
    odds = np.zeros((2, 3))
    return compute_ranking(chances, labels, alone, alone, oeuvre, odds, further=further).score


def test_the_ranking_score_is_the_chance_that_no_label_is_right() -> None:
    assert rank(np.array([[1], [-1]])) == pytest.approx([0.1, 0.9], abs=0.01)
    assert rank(None) == pytest.approx([0.4, 0.9], abs=0.01)


def test_a_label_is_doubted_beside_the_likeliest_and_alone_as_the_work_is() -> None:
    chances = np.array([[0.9, 0.01, 0.09], [0.5, 0.45, 0.05], [0.2, 0.1, 0.7]])
    labels, further = np.array([0, 0, 0]), np.array([[1], [1], [-1]])
    doubts = doubt_each(chances, labels, further)
    assert doubts[0] == pytest.approx([0.09, 1 - 0.91 / 90])
    assert doubts[1] == pytest.approx([0.05, 1 - 0.95 * 0.9])
    assert doubts[2, 0] == pytest.approx(0.8)
    assert np.isnan(doubts[2, 1])


@pytest.fixture(scope="module")
def findings() -> Findings:
    """Painting 0 is also labelled what it is not; 5 also what it is; 30 is sure to be another."""
    evidence = add_labels(build_evidence(), {0: 1, 5: 2})
    chances = 0.2 + 0.4 * np.eye(3)[np.arange(240) % 3]
    chances[30] = [0.36, 0.02, 0.62]
    style = replace(evidence.style, probabilities=chances)
    return compute_findings(replace(evidence, tasks={"style": style}))


def test_the_label_that_does_not_fit_is_named_and_the_work_is_no_outlier(
    findings: Findings,
) -> None:
    row = findings.table.loc[0]
    assert row["quadrant"] == "typical"
    assert row["doubted_label"] == row["unfit_label"] == "Cubism"
    assert row["label_doubt"] > 0.9 > 0.1 > row["score"]
    assert findings.table["unfit_label"].notna().sum() == 2  # 5's wrong label, beside its right one
    assert findings.table.loc[5, "unfit_label"] == "Baroque"


def test_a_label_that_may_be_missing_is_named(findings: Findings) -> None:
    assert findings.table["missing_label"].dropna().to_dict() == {30: "Minimalism"}
    told = findings.reasons[findings.reasons["kind"] == "missing"]
    assert told["row"].tolist() == [30]
    single = compute_findings(build_evidence())
    assert single.table[["unfit_label", "missing_label", "label_doubt"]].isna().all(axis=None)
