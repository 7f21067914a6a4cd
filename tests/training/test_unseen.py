"""The witness that never saw the artist."""

from __future__ import annotations

import numpy as np

from core.training.unseen import ask_unseen


def draw(count: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features that show the hand plainly and the style faintly; styles, hands."""
    rng = np.random.default_rng(0)
    hands = np.arange(count) % 30
    labels = hands % 3
    features = rng.normal(size=(count, 40))
    features[:, :30] += 6 * np.eye(30)[hands]
    features[:, 30:33] += 4 * np.eye(3)[labels]
    return features, labels, hands


def test_it_sees_the_style_and_never_the_hand() -> None:
    features, labels, hands = draw()
    wrong = hands == 4
    moved = np.where(wrong, 2, labels)  # a whole oeuvre filed as another style
    said = ask_unseen([features], moved, hands, 3, seed=0)
    ordinary = ask_unseen([features], moved, np.arange(300), 3, seed=0)
    assert said is not None
    assert ordinary is not None
    right = said.probabilities.argmax(axis=1) == labels
    assert right[~wrong].mean() > 0.6
    own = said.probabilities[wrong, 2].mean()
    assert own < ordinary.probabilities[wrong, 2].mean() - 0.2  # there it vouches for itself


def test_rows_are_shares_and_a_style_of_one_hand_is_not_judged() -> None:
    features, labels, hands = draw()
    labels = np.where(hands == 7, 3, labels)
    labels[:5] = -1
    said = ask_unseen([features], labels, hands, 4, seed=0)
    assert said is not None
    assert (said.judged[hands == 7] == -1).all()
    sums = said.probabilities.sum(axis=1)
    assert (sums[(hands == 7) & (labels >= 0)] == 0).all()
    np.testing.assert_allclose(sums[(hands != 7)], 1)
    assert (said.judged[:5] == -1).all()


def test_one_hand_alone_has_no_witness() -> None:
    features, labels, _ = draw()
    assert ask_unseen([features], labels, np.zeros(300, int), 3, seed=0) is None


def test_equal_seeds_give_equal_answers() -> None:
    features, labels, hands = draw()
    first, second = (ask_unseen([features], labels, hands, 3, seed=1) for _ in range(2))
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first.probabilities, second.probabilities)
