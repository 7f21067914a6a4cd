"""Area under the margin, and the comparison of two measures of one label."""

from __future__ import annotations

import numpy as np

from core.findings.labels.dynamics import compare_suspicions, compute_area_under_margin


def test_the_area_is_the_mean_over_the_epochs_seen() -> None:
    margins = np.array([[1.0, 3.0], [-2.0, np.nan], [np.nan, np.nan]])
    np.testing.assert_array_equal(compute_area_under_margin(margins), [2, -2, np.nan])


def test_each_lens_names_its_worst_tenth() -> None:
    loss, margin = np.arange(20.0), np.arange(20.0)[::-1].copy()
    margin[[0, 19]] = margin[[19, 0]]
    suspected_by = compare_suspicions(loss, margin)
    assert suspected_by[18] == "both"
    assert suspected_by[19] == "out of fold only"
    assert suspected_by[0] == "dynamics only"
    assert suspected_by[5] == "neither"


def test_one_missing_lens_is_no_agreement() -> None:
    suspected_by = compare_suspicions(np.array([1.0, np.nan]), np.array([np.nan, 1.0]))
    assert list(suspected_by) == ["not known", "not known"]
