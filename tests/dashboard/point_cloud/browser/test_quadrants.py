"""The quadrant rule of the browser, run by node, against the one of Python."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.findings.labels.quadrants import LABEL_STATES, QUADRANTS
from dashboard.point_cloud.packing import build_columns, pack_points
from dashboard.runs.open_run import OpenRun
from dashboard.selection.filters import place_quadrants
from tests.dashboard.point_cloud.browser.browser_modules import ask_browser

CASES = json.loads((Path(__file__).parents[3] / "cases" / "quadrants.json").read_text())
STEP = 1 / 65534  # of the axes, as the points are packed


def test_the_browser_answers_every_shared_case_as_it_stands() -> None:
    said = ask_browser("quadrants.mjs", {"cases": CASES["cases"]})
    assert said["quadrants"] == list(QUADRANTS)
    assert said["states"] == list(LABEL_STATES)
    for case, answer in zip(CASES["cases"], said["answers"], strict=True):
        assert answer == case["quadrant"], case["why"]


@pytest.mark.parametrize("lines", [None, (0.0, 0.0), (0.7, 0.35), (1.25, 0.8)])
def test_packed_points_fall_where_the_gallery_puts_their_paintings(
    opened: OpenRun, lines: tuple[float, float] | None
) -> None:
    table = opened.table.copy()
    own = opened.run.manifest.thresholds
    loss_line, confidence_line = lines or (own.loss, own.confidence)
    table["given"] = table["given"].astype("str")
    table.loc[[3, 9], "loss"] = np.nan
    table.loc[3, "given"] = None  # no label
    table.loc[9, "given"] = "Tonalism"  # the only work of its style
    packed = pack_points(build_columns(table, opened.run.manifest.classes, opened.ceiling))
    question = {
        "points": base64.b64encode(packed.body).decode(),
        "lines": [loss_line, confidence_line],
    }
    seen = pd.Series(ask_browser("quadrants.mjs", question)["answers"])
    placed = place_quadrants(table, loss_line, confidence_line)["quadrant"].astype("str")
    assert (seen[3], seen[9]) == ("unlabelled", "not judged")
    assert (placed[3], placed[9]) == ("unlabelled", "not judged")
    # Points are packed in steps: within one of a line a painting may fall either way.
    near = (table["loss"] - loss_line).abs() < STEP * opened.ceiling
    near |= (table["confidence"] - confidence_line).abs() < STEP
    assert near.sum() <= 3
    assert seen[~near].tolist() == placed[~near].tolist()
