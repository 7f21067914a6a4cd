"""The shift of an artist: artists differ by nature, discoveries are controlled, intervals cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom

from core.findings.oeuvre.shift import compute_shifts, control_discoveries

LABELS, MIN_WORKS = 6, 5


@dataclass(frozen=True)
class Draw:
    """Simulated artists: what is seen, and by how much each artist's rate differs from usual."""

    is_away: np.ndarray
    labels: np.ndarray
    artists: np.ndarray
    shift: np.ndarray


def draw(rng: np.random.Generator, alike: float, filed_wrongly: int = 0) -> Draw:
    """300 artists of 3 to 60 works under one to three labels; alpha + beta is ``alike``."""
    sizes = np.maximum(rng.geometric(0.08, 300), 3).clip(max=60)
    artists = np.repeat(np.arange(300), sizes)
    main = rng.integers(LABELS, size=300)
    labels = np.where(rng.random(len(artists)) < 0.8, main[artists], rng.integers(LABELS))
    usual = np.linspace(0.15, 0.6, LABELS)[labels]
    mean = np.bincount(artists, usual) / sizes
    shift = rng.beta(alike * mean, alike * (1 - mean)) - mean
    rates = np.clip(usual + shift[artists], 0.001, 0.999)
    rates = np.where(artists < filed_wrongly, 0.95, rates)
    true = np.bincount(artists, rates - usual) / sizes
    return Draw((rng.random(len(artists)) < rates).astype(float), labels, artists, true)


def measure(drawn: Draw) -> pd.DataFrame:
    count = len(drawn.labels)
    return compute_shifts(drawn.is_away, drawn.labels, drawn.artists, np.arange(count), MIN_WORKS)


@pytest.mark.slow
@pytest.mark.parametrize("alike", [8, 30, 100])
def test_intervals_cover_the_truth_as_often_as_they_say(alike: float) -> None:
    rng, covered = np.random.default_rng(0), []
    for _ in range(20):
        drawn = draw(rng, alike)
        table = measure(drawn)
        true = drawn.shift[table.index]
        covered.append(((table["shift_low"] <= true) & (true <= table["shift_high"])).mean())
    assert 0.93 <= np.mean(covered) <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("alike", [8, 30, 1000])
def test_artists_that_only_differ_by_nature_are_no_discovery(alike: float) -> None:
    rng = np.random.default_rng(1)
    found = [(measure(draw(rng, alike))["q_value"] <= 0.05).sum() for _ in range(20)]
    assert np.mean(found) <= 1


def test_oeuvres_filed_wrongly_are_found_and_few_others() -> None:
    rng, found, false = np.random.default_rng(2), [], []
    for _ in range(10):
        table = measure(draw(rng, 30, filed_wrongly=12))
        called = table.index[table["q_value"] <= 0.05]
        false.append((called >= 12).sum() / max(len(called), 1))
        judged = (table.index < 12).sum()
        found.append((called < 12).sum() / judged)
    assert np.mean(false) <= 0.1
    assert np.mean(found) >= 0.2


def test_the_p_value_is_that_of_the_beta_binomial() -> None:
    table = measure(draw(np.random.default_rng(3), 30))
    away = np.rint(table["observed"] * table["works"])
    binomial = betabinom.sf(away - 1, table["works"], 1e6 * table["expected"], 1e6)
    assert (table["p_value"] > 0).all()
    assert (table["p_value"][away > table["works"] * 0.8] > binomial.min()).all()


def test_nobody_differs_where_all_works_are_seen_alike() -> None:
    artists = np.repeat(np.arange(10), 10)
    table = compute_shifts(
        np.tile([0.0, 1.0], 50), np.zeros(100, int), artists, np.arange(100), MIN_WORKS
    )
    np.testing.assert_allclose(table["shift"], 0, atol=0.01)
    assert (table["shift_low"] < 0).all()
    assert (table["shift_high"] > 0).all()
    assert (table["q_value"] > 0.3).all()


@pytest.mark.parametrize("seen", [0.0, 1.0])
def test_one_answer_to_everything_tells_nobody_apart(seen: float) -> None:
    artists = np.repeat(np.arange(4), 6)
    table = compute_shifts(np.full(24, seen), np.zeros(24, int), artists, np.arange(24), MIN_WORKS)
    assert np.isfinite(table.to_numpy(dtype=float)).all()
    assert (table["q_value"] > 0.05).all()


def test_copies_count_once_and_small_oeuvres_not_at_all() -> None:
    artists = np.repeat([0, 1, 2], [8, 3, 20])
    duplicates = np.concatenate([[0, 0, 0, 0, 1, 2, 3, 4], np.arange(10, 33)])
    is_away = np.tile([1.0, 0.0], 16)[:31]
    table = compute_shifts(is_away, np.zeros(31, int), artists, duplicates, MIN_WORKS)
    assert table["works"].to_dict() == {0: 5, 2: 20}


def test_nothing_judged_is_an_empty_table() -> None:
    table = compute_shifts(
        np.full(3, np.nan), np.zeros(3, int), np.zeros(3, int), np.arange(3), MIN_WORKS
    )
    assert len(table) == 0


def test_q_values_never_fall_below_p_values() -> None:
    p = np.array([0.001, 0.02, 0.04, 0.9])
    q = control_discoveries(p)
    assert (q >= p).all()
    assert q[0] == pytest.approx(0.004)
    assert len(control_discoveries(np.empty(0))) == 0
