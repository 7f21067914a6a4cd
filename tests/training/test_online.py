"""Crops that are drawn anew each time, and a training from the first block on with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from core.artifacts import open_run
from core.training.config import ConfigError
from core.training.loop import PhaseRun
from core.training.online import OnlineCrops, side_to_read
from core.training.processes import Processes
from tests.training.conftest import small_config, train_small

SIZE = 32
SIDE = side_to_read(SIZE)


@pytest.fixture
def crops() -> OnlineCrops:
    """Of pictures that are brighter from left to right, each by 10 brighter than the last."""
    ramp = np.linspace(0, 150, SIDE)[None, :, None].repeat(SIDE, 0).repeat(3, 2)
    pictures = np.stack([ramp + 10 * number for number in range(5)]).round().astype(np.uint8)
    return OnlineCrops(
        5, SIZE, lambda rows: torch.from_numpy(pictures[rows]), nn.Identity(), Processes("cpu")
    )


def show(crops: OnlineCrops, rows: list[int], views: list[int]) -> np.ndarray:
    (shown,) = crops.stream([(np.array(rows), np.array(views))])
    return shown.numpy()


def test_the_first_two_views_are_the_whole_and_its_mirror_image(crops: OnlineCrops) -> None:
    whole, mirrored = show(crops, [0, 0], [0, 1])
    assert whole.shape == (SIZE, SIZE, 3)
    assert whole[0, 0, 0] < 5
    assert whole[0, -1, 0] > 145
    np.testing.assert_array_equal(mirrored, whole[:, ::-1])


def test_a_number_is_always_the_same_crop(crops: OnlineCrops) -> None:
    first, other, again = show(crops, [3, 3, 3], [12345, 12346, 12345])
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_crop_shows_between_60_per_cent_and_all_of_it(crops: OnlineCrops) -> None:
    shown = show(crops, [0] * 200, list(range(2, 202)))
    widths = shown[:, 0].max(axis=(1, 2)) - shown[:, 0].min(axis=(1, 2))
    shares = (widths / 150) ** 2  # the ramp covers the width, the area its square
    assert shares.min() > 0.5
    assert shares.max() > 0.9
    assert shares.std() > 0.05
    is_mirrored = shown[:, 0, 0, 0] > shown[:, 0, -1, 0]
    assert 0.3 < is_mirrored.mean() < 0.7


def test_what_is_shown_can_be_learned_from(crops: OnlineCrops) -> None:
    (shown,) = crops.stream([(np.arange(2), np.array([0, 9]))])
    weight = torch.ones(1, requires_grad=True)
    (shown.float() * weight).sum().backward()
    assert weight.grad is not None


def test_a_mirrored_view_is_not_scored_without_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--views flip"):
        small_config(tmp_path, tmp_path, views="whole", scored_views="both")


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.measured
def test_the_best_profile_tunes_every_block_with_them(
    patterns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the small network: the profile's own needs a GPU and the hub."""
    rates: list[list[float]] = []
    parameter_groups = PhaseRun._parameter_groups

    def note(self: PhaseRun, tail: Any) -> Any:
        groups = parameter_groups(self, tail)
        rates.append([group["peak"] for group in groups])
        return groups

    monkeypatch.setattr(PhaseRun, "_parameter_groups", note)
    named = {"backbone": "tf_efficientnet_lite0", "frozen_epochs": 2, "tuning_epochs": 2}
    run = open_run(train_small(patterns, tmp_path, profile="best", **named))
    config = run.manifest.config
    assert config["views"] == "online"
    assert config["scored_views"] == "both"
    assert config["layer_decay"] == 0.8
    assert config["drop_path"] == 0.2
    tuned = max(rates, key=len)
    assert len(tuned) == 7 + 1 + 1 + 1  # stages, the last convolution and its norm, heads
    np.testing.assert_allclose(np.divide(tuned[1:-1], tuned[:-2]), 0.8)
    assert run.metrics["style"]["accuracy"] > 0.8
    assert (run.folder / "content.npy").exists()
