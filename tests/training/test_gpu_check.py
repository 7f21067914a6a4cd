"""The check for a GPU, run on what is here at toy size: every stage, table and figure."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from bench.gpu_check import parse_options, run_check

TOY = {
    "paintings": 27,
    "epochs": 1,
    "lessons": 1,
    "profile": "small",
    "image-size": 64,
    "batch-size": 9,
    "views": "flip",
    "workers": 1,
    "seconds": 0.05,
}
STAGES = [
    "reading and stem, views",
    "frozen features, views",
    "phase 1, cached",
    "phase 2",
    "scoring",
    "phase 1, not cached",
]


def check(tmp_path: Path, **changes: object) -> dict[str, Any]:
    path = tmp_path / "gpu.json"
    flags = [f"--{name}={value}" for name, value in (TOY | changes | {"json": path}).items()]
    report = run_check(parse_options(flags))
    assert json.loads(path.read_text()) == report
    return report


@pytest.mark.slow
@pytest.mark.long
def test_every_figure_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = check(tmp_path)
    assert [speed["stage"] for speed in report["speeds"]] == STAGES
    for speed in report["speeds"]:
        assert speed["real"] > 0
        assert speed["peak"] > 10**6
    assert all(math.isfinite(rate) and rate > 0 for rate in report["timm"].values())
    (estimate,) = report["wikiart"].values()  # no T4 without a GPU to go by
    assert estimate["training"] > 0
    assert report["memory"]["room"] == 0
    columns = 1280 + 2 * 112  # of the last map, and the two finer ones in each
    assert report["memory"]["kept"] == 81_444 * 2 * 2 * (80 * 4 * 4 + columns * 2)
    precision = report["precision"]
    assert precision["lower"] == "bfloat16"
    assert precision["rows"] == 13
    assert precision["tasks"]["style"]["tied"] == 0
    assert 0 < precision["tasks"]["style"]["largest"] < 0.05
    shown = capsys.readouterr().out
    for words in ("phase 2", "timm's, same model", "first class differs", "in all"):
        assert words in shown


@pytest.mark.slow
@pytest.mark.long
def test_weights_that_are_not_installed_are_made_up(tmp_path: Path) -> None:
    """Nothing is fetched; random layers get the pictures' own statistics."""
    report = check(tmp_path, backbone="efficientnet_b0")
    assert report["model"]["backbone"] == "efficientnet_b0"
    assert math.isfinite(report["precision"]["tasks"]["style"]["largest"])
