"""Agreement against scikit-learn and Krippendorff's own worked example."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from core.reviews.agreement import compute_agreement, compute_alpha, compute_kappa
from core.reviews.log import build_table
from tests.reviews.conftest import say

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers,
# twelve units, five values, some missing (0); alpha for nominal data is 0.743.
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)


def test_alpha_is_that_of_the_published_example() -> None:
    counts = np.stack([np.equal(OBSERVERS, code).sum(axis=0) for code in range(1, 6)], axis=1)
    assert compute_alpha(counts) == pytest.approx(0.743, abs=0.0005)


def test_kappa_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    left = rng.integers(0, 4, 200)
    right = np.where(rng.random(200) < 0.6, left, rng.integers(0, 4, 200))
    assert compute_kappa(left, right) == pytest.approx(cohen_kappa_score(left, right))


def test_agreement_counts_only_what_two_have_judged() -> None:
    both = [
        say(f"{n}.jpg", reviewer=name, verdict=("right", "wrong")[n % 2])
        for n in range(6)
        for name in ("Ada", "Bo")
    ]
    found = compute_agreement(build_table([*both, say("alone.jpg", verdict="unsure")]))
    assert found.labels == 6
    assert found.alpha == pytest.approx(1)
    assert found.kappa == {("Ada", "Bo"): pytest.approx(1)}
    assert found.shared == {("Ada", "Bo"): 6}


def test_different_proposals_are_no_agreement() -> None:
    rows = [
        say(f"{n}.jpg", reviewer=name, verdict="wrong", proposed=proposed)
        for n in range(4)
        for name, proposed in (("Ada", "Baroque"), ("Bo", "Realism"))
    ]
    assert compute_agreement(build_table(rows)).alpha < 0


def test_nothing_shared_is_no_figure() -> None:
    found = compute_agreement(build_table([say(), say("b.jpg", reviewer="Bo")]))
    assert found.labels == 0
    assert np.isnan(found.alpha)
    assert found.kappa == {}
    assert np.isnan(compute_agreement(build_table([])).alpha)


def test_each_of_several_labels_of_a_work_counts_by_itself() -> None:
    both = [
        say("a", "right", name, given=label, of_several=label)
        for name in ("Ada", "Bo")
        for label in ("Cubism", "Dada")
    ]
    found = compute_agreement(build_table(both))
    assert found.labels == found.shared["Ada", "Bo"] == 2
