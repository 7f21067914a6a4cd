"""Margins of the folds put together: each painting by the folds that learned from it."""

from __future__ import annotations

import numpy as np
import torch

from core.training.margins import average_margins, mask_margins


def test_only_what_was_learned_from_has_a_margin() -> None:
    epochs = [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([4.0, 5.0, 6.0])]
    masked = mask_margins(epochs, np.array([0, 2]))
    np.testing.assert_array_equal(masked, [[1, 4], [np.nan, np.nan], [3, 6]])


def test_the_mean_is_of_the_folds_that_learned_and_of_the_epochs_that_all_had() -> None:
    nan = torch.nan
    first = [
        torch.tensor([[1.0, 2.0], [nan, nan], [nan, nan]]),
        torch.tensor([[3.0], [nan], [nan]]),
    ]
    second = [torch.tensor([[5.0], [7.0], [nan]]), torch.tensor([[9.0], [8.0], [nan]])]
    averaged = average_margins([first, second])
    np.testing.assert_array_equal(averaged, [[3, 6], [7, 8], [np.nan, np.nan]])
