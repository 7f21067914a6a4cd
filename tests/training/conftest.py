"""A small collection that can be learned in seconds, and a run trained on it."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.collection.doctor.examine import examine
from core.collection.open import SourceOptions
from core.training.config import TrainConfig
from core.training.dry_run import describe_dry_run
from tests.conftest import keep_for_good
from tests.training.compare import find_run

PATTERNS = ("stripes", "blobs", "noise")


WHOLE_RUNS = {"trained", "run", "runs"}  # fixtures


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for a whole training is slow and long, and alone reaches what follows one."""
    here = Path(__file__).parent
    for item in items:
        waits = WHOLE_RUNS.intersection(getattr(item, "fixturenames", ()))
        if waits and item.path.is_relative_to(here):
            for mark in (pytest.mark.slow, pytest.mark.long, pytest.mark.measured):
                item.add_marker(mark)


def paint_patterns(root: Path, works: int = 14, seed: int = 0) -> Path:
    """``works`` pictures a style in WikiArt's form, by three painters, some with genres missing."""
    rng = np.random.default_rng(seed)
    for style in PATTERNS:
        (root / style.title()).mkdir(parents=True)
        for number in range(works):
            name = f"painter-{'abc'[number % 3]}_{style}-{number}-{1900 + number}.jpg"
            _paint(style, rng).save(root / style.title() / name, quality=90)
    return root


def _paint(style: str, rng: np.random.Generator) -> Image.Image:
    if style == "noise":
        pixels = rng.integers(0, 256, (72, 72, 3))
    elif style == "stripes":
        pixels = np.tile(rng.integers(0, 256, (1, 12, 3)).repeat(6, axis=1), (72, 1, 1))
    else:
        small = Image.fromarray(rng.integers(0, 256, (4, 4, 3)).astype(np.uint8))
        return small.resize((72, 72), Image.Resampling.BICUBIC)
    return Image.fromarray(pixels.astype(np.uint8))


SMALL: dict[str, Any] = {
    "image_size": 64,
    "batch_size": 12,
    "folds": 2,
    "frozen_epochs": 3,
    "tuning_epochs": 2,
    "min_artist_works": 5,
    "neighbours": 5,
    "workers": 1,
}


def small_config(data: Path, artifacts: Path, **changes: Any) -> TrainConfig:
    return TrainConfig(
        collection=SourceOptions(data=str(data)), artifacts=artifacts, **(SMALL | changes)
    )


def dry_run(config: TrainConfig) -> str:
    """What a dry run says of training, after a moment's measuring."""
    seen = examine(config.collection)
    return describe_dry_run(
        config, seen.name, seen.require_paintings(), seen.reader, seen.word, 0.2
    )


def train_small(data: Path, artifacts: Path, **changes: Any) -> Path:
    """Folder of the run that a training of ``small_config`` publishes."""
    from core.training.run import train_run

    keep_for_good()  # an earlier one may have brought what exports models
    folder = train_run(small_config(data, artifacts, **changes))
    assert folder is not None
    return folder


def small_arguments(data: Path, artifacts: Path) -> list[str]:
    """The command line of ``small_config``."""
    settings = SMALL | {"artifacts": artifacts}
    flags = ((f"--{name.replace('_', '-')}", str(value)) for name, value in settings.items())
    return [str(data), *(text for flag in flags for text in flag)]


@pytest.fixture(scope="session")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_patterns(tmp_path_factory.mktemp("collection") / "patterns")


@pytest.fixture(scope="session")
def trained(patterns: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Folder of a run trained on the patterns: by one process, copied for each of the others."""
    own = tmp_path_factory.mktemp("artifacts")
    if worker_id == "master":  # the only process
        return train_small(patterns, own)
    shared = tmp_path_factory.getbasetemp().parent / "trained"  # of all processes
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            train_small(patterns, own).parent.rename(shared)
    shutil.copytree(shared, own, dirs_exist_ok=True)
    return find_run(own)
