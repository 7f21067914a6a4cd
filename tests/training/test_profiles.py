"""Profiles set what is not named, and a quick look says how to go on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.artifacts import open_run
from core.training.config import ConfigError, TrainConfig
from core.training.profiles import PROFILES, QUICK_LOOK, go_on
from tests.training.conftest import small_config, train_small


def resolve(folder: Path, **changes: Any) -> TrainConfig:
    left_open = {"image_size": None, "batch_size": None, "frozen_epochs": None} | changes
    config = small_config(folder, folder, **({"tuning_epochs": None} | left_open))
    return config.resolve(has_gpu=False, paintings=9)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_sets_what_is_not_named(name: Any, tmp_path: Path) -> None:
    config = resolve(tmp_path, profile=name)
    for field, value in vars(PROFILES[name]).items():
        if value is not None:
            assert getattr(config, field) == value, field


def test_what_is_named_counts(tmp_path: Path) -> None:
    named = {"tuning_epochs": 3, "views": "whole", "image_size": 64, "backbone": "resnet18"}
    config = resolve(tmp_path, profile="quick", **named)
    assert {field: getattr(config, field) for field in named} == named
    assert config.frozen_epochs == PROFILES["quick"].frozen_epochs
    assert resolve(tmp_path, profile="small", tuning_epochs=0).tuning_epochs == 0


def test_auto_follows_the_machine(tmp_path: Path) -> None:
    config = small_config(tmp_path, tmp_path, image_size=None)
    assert config.resolve(has_gpu=False, paintings=9).profile == "small"
    assert config.resolve(has_gpu=True, paintings=9).profile == "full"


def test_an_official_split_keeps_something_to_calibrate_by(tmp_path: Path) -> None:
    assert resolve(tmp_path, profile="full").validation_share == 0
    assert resolve(tmp_path, profile="full", split="official").validation_share == 0.12
    assert resolve(tmp_path, profile="small", validation_share=0).validation_share == 0
    with pytest.raises(ConfigError, match="leaves nothing to calibrate by"):
        resolve(tmp_path, split="official", validation_share=0)


def test_pooling_reads_no_finer_map(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--maps both says nothing with --style-head pooled"):
        resolve(tmp_path, maps="both", style_head="pooled")


@pytest.mark.slow
def test_without_a_validation_share_folds_learn_from_all_others(
    patterns: Path, tmp_path: Path
) -> None:
    run = open_run(train_small(patterns, tmp_path, validation_share=0.0, tuning_epochs=0))
    folds = run.history[run.history["fold"] >= 0]
    assert folds["validation_loss"].isna().all()
    assert run.manifest.config["maps"] == "both"  # auto, as it was found out
    assert (folds.groupby("fold")["epoch"].max() == 3).all()
    assert (run.dynamics[run.paintings["fold"] >= 0] != 0).any(axis=1).all()
    assert run.metrics["style"]["accuracy"] > 0.8
    assert all(np.isfinite(each) for each in run.manifest.temperatures["style"])


@pytest.mark.parametrize(
    ("given", "then"),
    [
        (["a", "--profile", "quick", "--folds", "3"], ["a", "--profile", "full", "--folds", "3"]),
        (["a", "--profile=quick"], ["a", "--profile=full"]),
        (["quick", "--profile", "quick"], ["quick", "--profile", "full"]),
    ],
)
def test_going_on_is_the_same_command_in_full(given: list[str], then: list[str]) -> None:
    assert go_on(given) == then


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.measured
def test_a_quick_look_says_so_and_how_to_go_on(
    patterns: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["train.py", "my paintings", "--profile", "quick"])
    changes: dict[str, Any] = {"profile": "quick", "tuning_epochs": None, "frozen_epochs": None}
    run = open_run(train_small(patterns, tmp_path, **changes))
    assert run.manifest.collection.notes[0] == QUICK_LOOK
    assert "python train.py 'my paintings' --profile full" in capsys.readouterr().err
    assert set(run.history["phase"]) == {"frozen"}
    assert run.metrics["style"]["accuracy"] > 0.8
