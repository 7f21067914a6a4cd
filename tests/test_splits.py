"""Folds that never part what belongs together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.fold_codes import LEFT_OUT, NOT_SCORED
from core.splits import (
    assign_folds,
    assign_official,
    build_groups,
    hold_out_validation,
    join_groups,
)


def test_sharing_is_transitive_across_memberships() -> None:
    duplicates = np.array([0, 0, 1, 2, 3])
    names = np.array([None, "n", "n", None, None], dtype=object)
    groups = build_groups(duplicates, names)
    assert groups[0] == groups[1] == groups[2]
    assert len({groups[0], groups[3], groups[4]}) == 3


def test_pairs_join_whole_groups_and_chains() -> None:
    groups = np.array([0, 0, 5, 5, 2, 9, 7])
    joined = join_groups(groups, np.array([[1, 2], [4, 3]]))
    assert joined.dtype == np.int64
    assert len(set(joined[:5])) == 1
    assert len({joined[0], joined[5], joined[6]}) == 3


def test_no_pairs_join_nothing() -> None:
    groups = np.array([3, 3, 1, 8])
    joined = join_groups(groups, np.empty((0, 2), dtype=np.int64))
    assert (joined[:, None] == joined).tolist() == (groups[:, None] == groups).tolist()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_groups_stay_whole_and_every_row_is_scored(seed: int, folds: int) -> None:
    rng = np.random.default_rng(seed)
    strata, groups = rng.integers(-1, 4, 120), rng.integers(0, 60, 120)
    fold = assign_folds(strata, groups, folds, seed)
    assert (pd.Series(fold).groupby(groups).nunique() == 1).all()
    assert set(fold) == set(range(folds))


def test_a_large_collection_is_parted_evenly_in_every_style() -> None:
    rng = np.random.default_rng(0)
    strata = rng.choice(12, size=40_000, p=rng.dirichlet(np.ones(12)))
    pairs = np.arange(3_000).repeat(2)  # some paintings come twice
    groups = np.concatenate([pairs, np.arange(3_000, 3_000 + 34_000)])
    fold = assign_folds(strata, groups, 5, seed=0)
    assert (pd.Series(fold).groupby(groups).nunique() == 1).all()
    counts = pd.crosstab(strata, fold)
    share = counts.div(counts.sum(axis=1), axis=0)[counts.sum(axis=1) >= 500].to_numpy()
    assert ((share >= 0.18) & (share <= 0.22)).all()


def test_styles_are_spread_evenly() -> None:
    strata = np.repeat([0, 1, 2], 100)
    fold = assign_folds(strata, np.arange(300), 5, seed=1)
    counts = pd.crosstab(strata, fold).to_numpy()
    assert counts.min() >= 18
    assert counts.max() <= 22


def test_the_seed_fixes_the_folds() -> None:
    strata, groups = np.repeat([0, 1], 50), np.arange(100)
    first, again, other = (assign_folds(strata, groups, 5, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_official_split_scores_its_validation_list() -> None:
    fold = assign_official(pd.Series(["train", "val", "train", "val"], dtype="str"), np.arange(4))
    assert list(fold) == [NOT_SCORED, 0, NOT_SCORED, 0]


def test_nothing_outside_the_official_lists_is_learned_from() -> None:
    fold = assign_official(pd.Series(["train", "val", None], dtype="str"), np.arange(3))
    assert list(fold) == [NOT_SCORED, 0, LEFT_OUT]


def test_a_copy_of_a_validation_painting_is_not_learned_from() -> None:
    split = pd.Series(["train", "val", "train"], dtype="str")
    assert list(assign_official(split, np.array([7, 7, 8]))) == [LEFT_OUT, 0, NOT_SCORED]


@pytest.mark.parametrize("share", [0.1, 0.25])
def test_validation_is_a_part_of_the_training_side(share: float) -> None:
    rows = np.arange(0, 200, 2)
    training, validation = hold_out_validation(
        np.zeros(200, dtype=int), np.arange(200), rows, share, seed=3
    )
    assert sorted([*training, *validation]) == list(rows)
    assert len(validation) == pytest.approx(share * len(rows), abs=2)


def test_classes_smaller_than_the_folds_are_spread_all_the_same() -> None:
    fold = assign_folds(np.repeat(np.arange(7), 3), np.arange(21), 5, seed=0)
    assert set(fold) == set(range(5))


def test_too_few_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="3 groups cannot fill 5 folds"):
        assign_folds(np.zeros(30, dtype=int), np.arange(30) % 3, 5, seed=0)


@st.composite
def small_collections(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Strata and groups of 2 to 24 paintings."""
    count = draw(st.integers(2, 24))
    strata = draw(st.lists(st.integers(-1, 3), min_size=count, max_size=count))
    groups = draw(st.lists(st.integers(0, count), min_size=count, max_size=count))
    return np.array(strata), np.array(groups)


@given(small_collections(), st.integers(2, 8), st.integers(0, 99))
@example(
    (
        np.array([1, 0, 1, 0, 1, 0, 0, -1, 1, -1, -1, -1, 0, 0, -1, 0]),
        np.array([6, 6, 5, 1, 0, 2, 2, 6, 5, 6, 5, 1, 3, 4, 5, 0]),
    ),
    7,
    0,
)
def test_no_fold_of_a_small_collection_is_empty(
    collection: tuple[np.ndarray, np.ndarray], folds: int, seed: int
) -> None:
    strata, groups = collection
    assume(len(set(groups)) >= folds)
    fold = assign_folds(strata, groups, folds, seed)
    assert set(fold) == set(range(folds))
    assert (pd.Series(fold).groupby(groups).nunique() == 1).all()


@given(small_collections(), st.sampled_from([0.01, 0.12, 0.5]), st.integers(0, 99))
def test_validation_of_a_small_collection_takes_no_class_whole_and_says_something(
    collection: tuple[np.ndarray, np.ndarray], share: float, seed: int
) -> None:
    strata, groups = collection
    rows = np.arange(len(strata))
    training, validation = hold_out_validation(strata, groups, rows, share, seed)
    assert sorted([*training, *validation]) == list(rows)
    assert len(training) > 0
    assert set(strata[strata >= 0]) <= set(strata[training])
    assert not set(groups[training]) & set(groups[validation])
    assert len(validation) == 0 or (strata[validation] >= 0).any()


def test_two_paintings_of_a_style_are_learned_and_stopped_by() -> None:
    training, validation = hold_out_validation(np.zeros(2), np.arange(2), np.arange(2), 0.12, 0)
    assert (len(training), len(validation)) == (1, 1)


@pytest.mark.parametrize("seed", range(20))
def test_validation_takes_no_class_whole(seed: int) -> None:
    strata = np.array([0] * 20 + [1] * 20 + [2, 2, 3, 4, 4, -1, -1])
    groups = np.arange(len(strata))
    groups[-4] = groups[-3]  # both of class 4 are one picture
    training, validation = hold_out_validation(strata, groups, np.arange(47), 0.25, seed)
    assert set(strata[training]) >= {0, 1, 2, 3, 4}
    assert sorted([*training, *validation]) == list(range(47))
    assert not set(groups[training]) & set(groups[validation])
    assert len(validation) >= 8
