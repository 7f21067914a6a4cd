"""Plain models of frozen features, in the folds of the network."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from core.fold_codes import LEFT_OUT, NOT_SCORED
from core.training.plain import STRENGTH, answer_folds, ask_plain

COUNT = 240


def draw(seed: int = 0) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Two kinds of features that show three styles faintly, each with noise of its own."""
    rng = np.random.default_rng(seed)
    labels = np.arange(COUNT) % 3
    kinds = [rng.normal(size=(COUNT, 12)) + 1.2 * np.eye(3, 12)[labels] for _ in range(2)]
    return kinds, labels, rng.permutation(COUNT) % 4


def count_right(features: list[np.ndarray], labels: np.ndarray, fold: np.ndarray) -> float:
    said = ask_plain(features, labels, fold, 3).probabilities
    return float((said.argmax(axis=1) == labels).mean())


def test_two_kinds_together_know_more_than_either() -> None:
    together, apart = [], []
    for seed in range(5):
        kinds, labels, fold = draw(seed)
        together.append(count_right(kinds, labels, fold))
        apart.append([count_right([each], labels, fold) for each in kinds])
    assert np.mean(together) > np.mean(apart, axis=0).max() + 0.02


def test_no_painting_is_judged_by_what_learned_from_it() -> None:
    """Labels drawn at random can be learned by heart, and not foretold."""
    rng = np.random.default_rng(3)
    labels, fold = rng.integers(3, size=COUNT), np.arange(COUNT) % 4
    features = [rng.normal(size=(COUNT, 400))]
    assert 0.2 < count_right(features, labels, fold) < 0.47


def test_features_are_learned_by_their_signed_roots() -> None:
    kinds, labels, fold = draw()
    squares = [np.sign(each) * each**2 for each in kinds]

    def fit(features: np.ndarray, given: np.ndarray, weights: np.ndarray | None) -> Pipeline:
        return make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH)).fit(features, given)

    told = ask_plain(squares, labels, fold, 3).probabilities
    expected = answer_folds(kinds, labels, fold, 3, fit).probabilities
    np.testing.assert_allclose(told, expected, atol=0.02)
    assert np.abs(told - answer_folds(squares, labels, fold, 3, fit).probabilities).max() > 0.05


def test_a_style_of_one_fold_alone_is_not_judged_there() -> None:
    kinds, labels, fold = draw()
    labels = np.where((fold == 2) & (labels == 0), 3, labels)
    said = ask_plain(kinds, labels, fold, 4)
    alone = labels == 3
    assert (said.judged[alone] == -1).all()
    assert (said.probabilities[alone] == 0).all()
    np.testing.assert_allclose(said.probabilities[~alone].sum(axis=1), 1)
    assert (said.judged[~alone] == labels[~alone]).all()


def test_only_the_list_that_is_scored_is_answered() -> None:
    """An official split: one fold, the rest learned from or left out."""
    kinds, labels, _ = draw()
    fold = np.full(COUNT, NOT_SCORED)
    fold[:60], fold[60:90] = 0, LEFT_OUT
    said = ask_plain(kinds, labels, fold, 3)
    np.testing.assert_allclose(said.probabilities.sum(axis=1), fold == 0)
    np.testing.assert_array_equal(said.probabilities, said.uncalibrated)
    spoilt = [np.where((fold == LEFT_OUT)[:, None], 1e3, each) for each in kinds]
    again = ask_plain(spoilt, labels, fold, 3)
    np.testing.assert_array_equal(said.probabilities, again.probabilities)


def test_a_label_of_no_weight_teaches_nothing() -> None:
    kinds, labels, fold = draw()
    trusted = np.arange(COUNT) % 2 == 0
    spoilt = np.where(trusted, labels, (labels + 1) % 3)
    weights = trusted.astype(np.float32)
    right, wrong, unweighed = (
        ask_plain(kinds, told, fold, 3, weighed).uncalibrated
        for told, weighed in ((labels, weights), (spoilt, weights), (spoilt, None))
    )
    np.testing.assert_allclose(right, wrong, atol=1e-6)
    assert np.abs(right - unweighed).max() > 0.05


def test_folds_that_learn_beside_each_other_say_what_each_says_alone() -> None:
    kinds, labels, fold = draw()
    together = ask_plain(kinds, labels, fold, 3)
    for number in range(4):
        alone = np.where(fold == number, 0, NOT_SCORED)
        said = ask_plain(kinds, labels, alone, 3).uncalibrated
        np.testing.assert_array_equal(together.uncalibrated[fold == number], said[alone == 0])
