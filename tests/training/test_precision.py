"""Answers are given in float32 whatever precision the backbone runs in."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from bench.precision import InPrecision, compare_answers
from core.artifacts import open_run
from core.tasks import Task
from core.training.activations import Activations
from core.training.loop import compute_answers
from core.training.model import Heads, ModelSpec, StyleHead, Tail
from core.training.processes import Processes
from core.training.top import Top
from tests.training.compare import find_run
from tests.training.launcher import ROOT

COUNT, CHANNELS = 3000, 8
CLASSES: dict[Task, tuple[str, ...]] = {"style": tuple("abcdefghij"), "artist": tuple("xyz")}


@pytest.fixture(scope="module")
def inputs() -> Activations:
    values = np.random.default_rng(0).normal(size=(COUNT, 1, CHANNELS, 2, 3))
    return Activations(values.astype(np.float16), torch.device("cpu"))


def make_tail(style_head: StyleHead, top: Top | None = None) -> Tail:
    """With logits as large as those of a model that has learned."""
    torch.manual_seed(0)
    spec = ModelSpec("none", 32, 0, "mean", style_head, 0.3, CLASSES)
    tail = Tail(top or Top(), Heads(CHANNELS, 2, spec))
    with torch.no_grad():
        for layer in tail.heads.classify.values():
            layer.get_parameter("weight").mul_(40)
    return tail


@pytest.mark.parametrize("style_head", ["sequence", "pooled"])
def test_heads_answer_under_bf16_as_in_float32(inputs: Activations, style_head: StyleHead) -> None:
    tail, rows, processes = make_tail(style_head), np.arange(COUNT), Processes("cpu")
    exact, embedding = compute_answers(tail, inputs, rows, processes)
    found, seen = compute_answers(tail, inputs, rows, InPrecision(processes, torch.bfloat16))
    assert np.abs(exact["style"]).max() > 2
    for task, logits in exact.items():
        np.testing.assert_array_equal(found[task], logits)
        ranked = np.sort(found[task], axis=1)
        assert (ranked[:, -1] > ranked[:, -2]).all()
    np.testing.assert_array_equal(seen, embedding)


def test_a_backbone_in_bf16_ties_no_classes(inputs: Activations) -> None:
    """What it says is rounded; what the heads make of that is not."""
    torch.manual_seed(0)
    tail = make_tail("sequence", Top(torch.nn.Conv2d(CHANNELS, CHANNELS, 1)))
    rows, processes = np.arange(COUNT), Processes("cpu")
    exact, _ = compute_answers(tail, inputs, rows, processes)
    found, _ = compute_answers(tail, inputs, rows, InPrecision(processes, torch.bfloat16))
    compared = compare_answers(found["style"], exact["style"])
    assert compared["tied"] == 0
    assert 0 < compared["largest"] < 0.1


def test_heads_learn_in_float32_under_bf16(inputs: Activations) -> None:
    tail = make_tail("sequence")
    features = torch.from_numpy(np.asarray(inputs.values[:20, 0])).float()
    gradients = []
    for lower in (False, True):
        model = copy.deepcopy(tail).train()
        model.heads.masks.begin(0, np.arange(20), 20, torch.device("cpu"))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=lower):
            logits, _ = model(features)
        logits["style"].logsumexp(dim=1).sum().backward()
        gradients.append([values.grad for values in model.heads.embed.parameters()])
    for found, expected in zip(*gradients, strict=True):
        torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_answers_are_compared_by_rank_and_probability() -> None:
    exact = np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [3.0, 2.0, 1.0]])
    found = np.array([[3.0, 2.0, 1.0], [2.0, 3.0, 1.0], [3.0, 3.0, 1.0], [3.0, 1.0, 2.0]])
    compared = compare_answers(found, exact)
    assert compared["tied"] == 0.25
    assert compared["first"] == 0.25
    assert compared["order"] == 0.5
    assert compared["largest"] == pytest.approx(0.4205, abs=1e-3)


RUN_IN_BF16 = """
import sys
from pathlib import Path
from core.training import processes
from core.training.run import train_run
from tests.training.conftest import small_config

if __name__ == "__main__":  # the image store's workers import this again
    processes._choose_precision = lambda: "bf16"  # as a GPU has it
    train_run(small_config(Path(sys.argv[1]), Path(sys.argv[2])))
"""


@pytest.mark.slow
@pytest.mark.long
def test_a_whole_run_in_bf16_answers_well(patterns: Path, tmp_path: Path) -> None:
    """With accelerate's wrappers on, in a process of its own: its precision is the process's."""
    script = tmp_path / "run.py"
    script.write_text(RUN_IN_BF16)
    subprocess.run(
        [sys.executable, str(script), str(patterns), str(tmp_path / "artifacts")],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        timeout=600,
    )
    run = open_run(find_run(tmp_path / "artifacts"))
    assert run.manifest.hardware["precision"] == "bf16"
    assert run.metrics["style"]["accuracy"] > 0.8
