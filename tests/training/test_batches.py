"""What is shown when."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.training.batches import plan_epoch


@given(st.integers(1, 200), st.integers(1, 64), st.integers(1, 6), st.integers(0, 2**40))
def test_every_row_is_shown_once_an_epoch(count: int, size: int, views: int, seed: int) -> None:
    rows = np.arange(1000, 1000 + count)
    batches = plan_epoch(rows, size, views, 0.2, seed)
    assert sorted(np.concatenate([batch.rows for batch in batches])) == list(rows)
    sizes = [len(batch.rows) for batch in batches]
    assert max(sizes) <= size
    assert max(sizes) - min(sizes) <= 1
    assert all((batch.views < views).all() and 0.5 <= batch.blend <= 1 for batch in batches)


def test_the_seed_decides_the_order() -> None:
    rows = np.arange(50)
    first, again, other = (plan_epoch(rows, 8, 2, 0.0, seed)[0].rows for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_without_mixup_paintings_are_shown_pure() -> None:
    assert {batch.blend for batch in plan_epoch(np.arange(50), 8, 2, 0.0, 1)} == {1.0}
