"""The average of the weights: as torch's own, step by step, and after a stop."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch.optim.swa_utils import AveragedModel

from core.training.average import LEAST_DECAY, WeightAverage, choose_decay

DECAY, CPU = 0.9, torch.device("cpu")


def make_model() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.BatchNorm1d(4), torch.nn.GRU(4, 3))


def step(model: torch.nn.Module) -> None:
    with torch.no_grad():
        for values in model.parameters():
            values.add_(torch.randn_like(values))


def reference(averaged: Any, current: Any, count: Any) -> None:
    weight = 1 - min(DECAY, (1 + float(count)) / (10 + float(count)))
    torch._foreach_lerp_(averaged, current, weight)


def test_it_is_torchs_average() -> None:
    model = make_model()
    ours, theirs = WeightAverage(model, DECAY, CPU), AveragedModel(model, multi_avg_fn=reference)
    for _ in range(30):
        step(model)
        ours.update(model)
        theirs.update_parameters(model)
        for found, expected in zip(
            ours.module.parameters(), theirs.module.parameters(), strict=True
        ):
            torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_it_goes_on_from_what_was_kept() -> None:
    model = make_model()
    whole, stopped = WeightAverage(model, DECAY, CPU), WeightAverage(model, DECAY, CPU)
    for turn in range(6):
        step(model)
        whole.update(model)
        stopped.update(model)
        if turn == 2:
            kept = copy.deepcopy(stopped.state_dict())
            stopped = WeightAverage(make_model(), DECAY, CPU)
            stopped.load_state_dict(kept)
    for name, value in whole.module.state_dict().items():
        torch.testing.assert_close(stopped.module.state_dict()[name], value, rtol=0, atol=0)


def test_the_average_looks_back_over_an_epoch() -> None:
    assert choose_decay(2_160, 48) == LEAST_DECAY  # 45 steps: as it was chosen on wikiart-mini
    assert choose_decay(64_000, 128) == 1 - 1 / 500
    assert choose_decay(0, 128) == LEAST_DECAY
