"""Oeuvres are doubted as more of them speak against their labels than nature explains."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from core.findings.oeuvre.excess import LEAST_ARTISTS, doubt_by_excess


def draw(count: int = 500, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(-0.5, 1.6, count)


def test_artists_who_differ_by_nature_alone_are_hardly_doubted() -> None:
    doubted = [(doubt_by_excess(draw(seed=s), np.arange(500)) > 0.5).sum() for s in range(30)]
    assert np.median(doubted) <= 1
    assert np.mean(doubted) <= 10  # of 500


def test_an_oeuvre_among_others_like_it_is_doubted_and_alone_it_is_not() -> None:
    evidence = 1.6 * norm.ppf((np.arange(500) + 0.5) / 500) - 0.5  # as nature has it
    assert doubt_by_excess(evidence, np.arange(500)).max() < 0.5
    many = np.concatenate([evidence, np.linspace(4, 8, 25)])
    assert doubt_by_excess(many, np.arange(525))[-20:].min() > 0.8


def test_an_artist_of_many_works_counts_once() -> None:
    evidence = np.concatenate([1.6 * norm.ppf((np.arange(500) + 0.5) / 500) - 0.5, np.full(25, 4)])
    hands = np.concatenate([np.arange(500), np.full(25, 500)])
    one_hand = doubt_by_excess(evidence, hands)[-1]
    assert one_hand < 0.3 < 0.8 < doubt_by_excess(evidence, np.arange(525))[-1]


def test_with_few_artists_only_strong_evidence_doubts() -> None:
    assert doubt_by_excess(np.array([2.0]), np.array([0])).tolist() == [0.0]
    assert doubt_by_excess(np.array([0.0, 0.0]), np.arange(2)).tolist() == [0.0, 0.0]
    few = LEAST_ARTISTS - 1
    evidence = np.array([*np.zeros(few - 1), 5.0])
    assert doubt_by_excess(evidence, np.arange(few))[-1] > 0.9
    assert len(doubt_by_excess(np.zeros(0), np.zeros(0, dtype=int))) == 0


@given(st.lists(st.floats(-20, 50), min_size=1, max_size=60))
def test_doubt_is_a_probability_and_grows_with_the_evidence(values: list[float]) -> None:
    evidence = np.array(values)
    doubt = doubt_by_excess(evidence, np.arange(len(evidence)))
    assert ((doubt >= 0) & (doubt <= 1)).all()
    assert (np.diff(doubt[np.argsort(evidence, kind="stable")]) >= 0).all()
