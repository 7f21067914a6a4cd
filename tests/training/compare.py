"""Whether two runs are one: every array, table and model in them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from core.artifacts.manifest import MANIFEST_NAME
from core.training.scalars import TAGS

BY_CLOCK = {"run_id", "created", "command", "stages", "files"}  # in the manifest


def find_run(artifacts: Path) -> Path:
    """The one run below ``artifacts``."""
    (manifest,) = artifacts.glob(f"*/{MANIFEST_NAME}")
    return manifest.parent


def assert_same_run(found: Path, expected: Path) -> None:
    """Bit for bit, all but the times that things took."""
    names = sorted(path.name for path in expected.iterdir())
    assert sorted(path.name for path in found.iterdir()) == names
    for name in names:
        if name == MANIFEST_NAME:
            ours, theirs = (json.loads((run / name).read_text()) for run in (found, expected))
            for key in theirs.keys() - BY_CLOCK:
                assert _without_paths(ours[key]) == _without_paths(theirs[key]), key
        elif name == "history.parquet":
            pd.testing.assert_frame_equal(load_history(found), load_history(expected))
        elif name.endswith(".npy"):
            np.testing.assert_array_equal(np.load(found / name), np.load(expected / name), name)
        else:
            assert (found / name).read_bytes() == (expected / name).read_bytes(), name


def load_history(run: Path) -> pd.DataFrame:
    """The history of training without how long it took."""
    return pd.read_parquet(run / "history.parquet").drop(columns="seconds")


def load_points(artifacts: Path) -> dict[tuple[str, str, str], list[int]]:
    """Epochs of the points that TensorBoard shows, by fold, phase and tag."""
    points = {}
    (root,) = (artifacts / "tensorboard").iterdir()
    for folder in root.glob("*/*"):
        events = EventAccumulator(str(folder))
        events.Reload()
        for tag in events.Tags()["scalars"]:
            steps = [event.step for event in events.Scalars(tag)]
            points[folder.parent.name, folder.name, tag] = steps
    return points


def expected_points(history: pd.DataFrame) -> dict[tuple[str, str, str], list[int]]:
    """The points that TensorBoard should show, each epoch of ``history`` once."""
    points = {}
    for (fold, phase), rows in history.groupby(["fold", "phase"]):
        name = "published" if fold == -1 else f"fold-{int(str(fold)) + 1}"
        for column, tag in TAGS.items():
            if rows[column].notna().any():
                points[name, str(phase), tag] = rows["epoch"].tolist()
    return points


def _without_paths(value: object) -> object:
    """A manifest's config without the folders that the runs were written to."""
    if isinstance(value, dict):
        return {key: _without_paths(each) for key, each in value.items() if key != "artifacts"}
    return value
