"""The shift of an artist: artists differ by nature, discoveries are controlled, intervals cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from core.findings.oeuvre.shift import compute_shifts, control_discoveries

LABELS, MIN_WORKS = 6, 5


@dataclass(frozen=True)
class Draw:
    """Simulated artists: how far labels lag, and how much each artist's rate differs from usual.

    A work is seen elsewhere where its lag is above 0.
    """

    lags: np.ndarray
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
    return Draw(ndtri(rates) + rng.normal(size=len(artists)), labels, artists, true)


def measure(drawn: Draw) -> pd.DataFrame:
    return shift(drawn.lags, drawn.labels, drawn.artists)


def shift(
    lags: np.ndarray,
    labels: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray | None = None,
) -> pd.DataFrame:
    alone = np.arange(len(lags)) if duplicates is None else duplicates
    is_away = np.where(np.isnan(lags), np.nan, lags > 0)
    return compute_shifts(is_away, lags, labels, artists, alone, MIN_WORKS)


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
    assert np.mean(found) >= 0.6


def test_nobody_differs_where_all_works_are_seen_alike() -> None:
    artists = np.repeat(np.arange(10), 10)
    table = shift(np.tile([-1.0, 1.0], 50), np.zeros(100, int), artists)
    np.testing.assert_allclose(table["shift"], 0, atol=0.01)
    assert (table["shift_low"] < 0).all()
    assert (table["shift_high"] > 0).all()
    assert (table["q_value"] > 0.3).all()


@pytest.mark.parametrize("lag", [-1.0, 1.0])
def test_one_answer_to_everything_tells_nobody_apart(lag: float) -> None:
    artists = np.repeat(np.arange(4), 6)
    table = shift(np.full(24, lag), np.zeros(24, int), artists)
    assert np.isfinite(table.to_numpy(dtype=float)).all()
    assert (table["q_value"] > 0.05).all()


def test_copies_count_once_and_small_oeuvres_not_at_all() -> None:
    artists = np.repeat([0, 1, 2], [8, 3, 20])
    duplicates = np.concatenate([[0, 0, 0, 0, 1, 2, 3, 4], np.arange(10, 33)])
    table = shift(np.tile([1.0, -1.0], 16)[:31], np.zeros(31, int), artists, duplicates)
    assert table["works"].to_dict() == {0: 5, 2: 20}


def test_nothing_judged_is_an_empty_table() -> None:
    table = shift(np.full(3, np.nan), np.zeros(3, int), np.zeros(3, int))
    assert len(table) == 0


def test_q_values_never_fall_below_p_values() -> None:
    p = np.array([0.001, 0.02, 0.04, 0.9])
    q = control_discoveries(p)
    assert (q >= p).all()
    assert q[0] == pytest.approx(0.004)
    assert len(control_discoveries(np.empty(0))) == 0
