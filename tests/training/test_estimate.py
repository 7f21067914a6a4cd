"""What a run will need: the arithmetic, the probe, and the table that a person reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.training.config import TrainConfig
from core.training.estimate import (
    Counts,
    Machine,
    Need,
    Rates,
    Shapes,
    estimate_disk,
    estimate_memory,
    estimate_time,
    format_bytes,
    format_needs,
)
from tests.training.conftest import dry_run, small_config

COUNTS = Counts(
    paintings=1000, folds=5, training=700, validation=100, scored=200, classes=30, views=2
)
SHAPES = Shapes(stem=5000, features=20_000, kept=10**6, learning=10**6, frozen=10**6)
RATES = Rates(
    store=50,
    read=500,
    stem=100,
    top=200,
    frozen=1000,
    fine_tuning=50,
    scoring=400,
    neighbours=10**9,
)
MACHINE = Machine(
    device="cpu", cpus=2, processes=1, memory=10**10, base=10**9, gpu_memory=None, disk=10**12
)


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    return small_config(
        tmp_path, tmp_path, folds=5, frozen_epochs=10, tuning_epochs=4, batch_size=50
    )


def amounts(needs: list[Need]) -> dict[str, float]:
    return {need.name: need.amount for need in needs}


def test_time_is_work_over_speed(config: TrainConfig) -> None:
    found = amounts(estimate_time(config, COUNTS, RATES, MACHINE))
    assert found["image store"] == 1000 / (50 * 2)
    assert found["frozen activations"] == 1000 / (500 * 2) + 2000 / 100 + 2000 / 200
    assert found["copies by sight"] == 1000 / (500 * 2) + 1000**2 / 10**9
    learned, checked = 5 * 700 + 1000, 5 * 100
    frozen = 10 * (learned + checked) / 1000
    tuning = 4 * (learned / 50 + checked / 400)
    answers = 5 * (200 + 100 + 800) + 1000
    assert found["training"] == pytest.approx(frozen + tuning + answers / 400)
    assert found["findings"] > 5 * 200 * 800 / 10**9
    assert found["copies by sight"] > 1000 / (500 * 2)


def test_neighbours_of_very_many_are_looked_for_in_cells(config: TrainConfig) -> None:
    """The square below 100,000, then sixteen times as many within 64 times the time, not 256."""
    counts = [replace(COUNTS, paintings=count) for count in (50_000, 1_000_000, 16_000_000)]
    few, many, most = (
        amounts(estimate_time(config, each, RATES, MACHINE))["neighbours"] for each in counts
    )
    assert few == 50_000**2 / 10**9
    assert many == 1_000_000 * (1_000_000 * 256 / 4_000 * 128 / 512) / 10**9
    assert most == pytest.approx(64 * many)


def test_processes_share_the_training(config: TrainConfig) -> None:
    one = amounts(estimate_time(config, COUNTS, RATES, MACHINE))
    four = amounts(estimate_time(config, COUNTS, RATES, replace(MACHINE, processes=4)))
    assert four["training"] == one["training"] / 4
    assert four["style map"] == one["style map"]


def test_disk_holds_every_view_in_half_precision(config: TrainConfig) -> None:
    found = amounts(estimate_disk(config, COUNTS, SHAPES))
    assert found["until published: stem activations"] == 1000 * 2 * 5000 * 2
    assert found["until published: feature maps"] == 1000 * 2 * 20_000 * 2
    assert found["image store"] == 1000 * 60_000
    smaller = amounts(estimate_disk(replace(config, short_side=192), COUNTS, SHAPES))
    assert smaller["image store"] == 1000 * 15_000


def test_with_nothing_tuned_only_what_the_heads_read_is_kept(config: TrainConfig) -> None:
    untuned = replace(config, tuning_epochs=0)
    disk = amounts(estimate_disk(untuned, COUNTS, replace(SHAPES, stem=0)))
    assert "until published: stem activations" not in disk
    assert disk["until published: feature maps"] == 1000 * 2 * 20_000 * 2
    time = amounts(estimate_time(untuned, COUNTS, RATES, MACHINE))
    learned, checked, answers = 5 * 700 + 1000, 5 * 100, 5 * (200 + 100 + 800) + 1000
    assert time["training"] == pytest.approx((10 * (learned + checked) + answers) / 1000)


@pytest.mark.slow
def test_a_dry_run_says_what_any_backbone_needs(patterns: Path, tmp_path: Path) -> None:
    """Of a transformer for another size, before a picture is read."""
    named = {"backbone": "vit_tiny_patch16_224", "image_size": 60, "views": "whole"}
    text = dry_run(small_config(patterns, tmp_path / "artifacts", **named))
    assert "60 px do not divide into the patches of vit_tiny_patch16_224: 64 px." in text
    assert "vit_tiny_patch16_224 at 64 px" in text
    tokens = 42 * (1 + 16) * 192 * 2  # a class token and 4 x 4 patches
    (line,) = [each for each in text.splitlines() if "stem activations" in each]
    assert line.split()[-2:] == [f"{tokens / 1e6:.1f}", "MB"]
    text = dry_run(small_config(patterns, tmp_path / "artifacts", tuning_epochs=0, **named))
    assert "stem activations" not in text


def test_training_is_held_where_it_is_computed(config: TrainConfig) -> None:
    main, gpu = estimate_memory(config, COUNTS, SHAPES, MACHINE)
    step = "model and training step"
    assert amounts(main)[step] == 28 * 10**6 + 50 * 10**6
    assert gpu == []
    machine = replace(MACHINE, gpu_memory=10**9, processes=2)
    main, gpu = estimate_memory(config, COUNTS, SHAPES, machine)
    assert step not in amounts(main)
    assert amounts(gpu)[step] == 28 * 10**6 + 25 * 10**6


def test_what_does_not_fit_is_said() -> None:
    needs = [Need("a", 6e9), Need("b", 5e9)]
    assert format_needs("Disk", needs, 1e10).endswith("11.0 GB   of 10.0 GB free: NOT ENOUGH")
    assert format_needs("Disk", needs, 2e10).endswith("11.0 GB   of 20.0 GB free")
    assert format_needs("Time", [Need("a", 60), Need("b", 15)], None).endswith("1 min 15 s")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0.0 MB"), (25e6, "25.0 MB"), (1e8, "0.1 GB"), (81.44e9, "81.4 GB")]
)
def test_bytes_are_said_as_people_say_them(count: float, text: str) -> None:
    assert format_bytes(count) == text


@pytest.mark.slow
def test_a_dry_run_leaves_nothing_behind(patterns: Path, tmp_path: Path) -> None:
    artifacts = tmp_path / "artifacts"
    text = dry_run(small_config(patterns, artifacts))
    assert "patterns: 42 paintings" in text
    assert "3 styles, 3 artists" in text
    assert "2 (by picture)" in text
    assert text.count("in all") == 3
    assert "NOT ENOUGH" not in text
    assert not artifacts.exists()


@pytest.mark.slow
@pytest.mark.paintings
def test_a_listing_is_enough_for_a_dry_run(wikiart_labels: Path, tmp_path: Path) -> None:
    config = small_config(
        wikiart_labels, tmp_path, folds=5, image_size=64, min_artist_works=None, split="official"
    )
    text = dry_run(config)
    assert "a listing, no pictures): 81,446 paintings" in text
    assert "27 styles, 195 artists, 10 genres (artists with 100 works or more)" in text
    assert "official; each learns from" in text
