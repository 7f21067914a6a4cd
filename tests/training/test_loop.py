"""One phase of training: best weights, going on, memory, divergence."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.errors import UserError
from core.training.activations import Activations
from core.training.average import LEAST_DECAY
from core.training.config import TrainConfig
from core.training.loop import Phase, PhaseRun, Side, compute_answers, part_by_decay
from core.training.model import Heads, ModelSpec, Tail
from core.training.objective import Objective
from core.training.processes import Processes
from core.training.top import Top
from tests.training.conftest import small_config

SPEC = ModelSpec("none", 32, 0, "mean", "sequence", 0.3, {"style": ("a", "b", "c")})
COUNT, CHANNELS = 90, 8


@pytest.fixture(scope="module")
def processes() -> Processes:
    return Processes()


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    return small_config(tmp_path, tmp_path, mixup=0.2, head_rate=1e-3, weight_decay=0.2)


@pytest.fixture
def inputs() -> Activations:
    """Three kinds of feature map that can be told apart, but not easily."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(COUNT, 2, CHANNELS, 2, 3))
    values += np.eye(3, CHANNELS)[np.arange(COUNT) % 3][:, None, :, None, None]
    return Activations(values.astype(np.float16), torch.device("cpu"))


@pytest.fixture
def objective() -> Objective:
    labels = torch.arange(COUNT) % 3
    return Objective({"style": labels}, {"style": torch.ones(3)}, {"style": 1.0}, 0.05)


@pytest.fixture
def make_run(
    config: TrainConfig, inputs: Activations, objective: Objective, processes: Processes
) -> Any:
    def make(epochs: int = 6, learned: Objective = objective, **changes: Any) -> PhaseRun:
        torch.manual_seed(0)
        tail = Tail(Top(), Heads(CHANNELS, 2, SPEC))
        side = Side(0, np.arange(60), np.arange(60, COUNT))
        phase = Phase("frozen", epochs, inputs)
        return PhaseRun(replace(config, **changes), phase, side, tail, learned, processes)

    return make


def ignore(_: Any) -> None:
    """Neither shows nor saves."""


def weights(run: PhaseRun) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in run.module.state_dict().items()}


def test_training_learns(make_run: Any) -> None:
    run = make_run(epochs=15)
    history = run.run(ignore, ignore).history
    assert history[-1]["train_loss"] < history[0]["train_loss"]
    assert max(record["validation_accuracy"] for record in history) > 0.6


def test_the_best_epoch_is_what_remains(
    make_run: Any, inputs: Activations, objective: Objective
) -> None:
    """What is learned makes the held-out labels, all moved by one, ever less likely: an early epoch
    is the best, and its weights must come back.
    """
    moved = torch.where(torch.arange(COUNT) < 60, 0, 1)
    labels = (objective.labels["style"] + moved) % 3
    run = make_run(epochs=8, patience=8, learned=replace(objective, labels={"style": labels}))
    kept: dict[int, dict[str, Any]] = {}
    progress = run.run(
        ignore,
        lambda state: kept.update({state["progress"]["epoch"]: copy.deepcopy(state["averaged"])}),
    )
    assert progress.best_epoch < progress.epoch
    best = kept[progress.best_epoch]
    last = kept[progress.epoch]
    assert any((best["module"][name] != last["module"][name]).any() for name in weights(run))
    for name, value in weights(run).items():
        torch.testing.assert_close(value, best["module"][name], rtol=0, atol=0)


@pytest.mark.slow
def test_going_on_ends_where_an_undisturbed_run_ends(make_run: Any) -> None:
    undisturbed = make_run()
    undisturbed.run(ignore, ignore)
    states: list[dict[str, Any]] = []
    make_run().run(ignore, lambda state: states.append(copy.deepcopy(state)))
    for state in states:
        resumed = make_run()
        resumed.restore(state)
        resumed.run(ignore, ignore)
        for name, value in weights(undisturbed).items():
            torch.testing.assert_close(weights(resumed)[name], value, rtol=0, atol=0)


def test_parts_of_a_batch_learn_what_the_whole_learns(make_run: Any) -> None:
    whole, parts = make_run(epochs=2), make_run(epochs=2)
    parts.accumulation = 3
    whole.run(ignore, ignore)
    parts.run(ignore, ignore)
    for name, value in weights(whole).items():
        torch.testing.assert_close(weights(parts)[name], value, rtol=1e-4, atol=1e-5)


def test_memory_that_runs_out_halves_the_batch(
    make_run: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(epochs=1)
    compute = run._compute_part

    def fits_three(batch: Any, part: np.ndarray, *rest: Any) -> torch.Tensor:
        if len(part) > 3:
            raise torch.OutOfMemoryError("planted")
        return compute(batch, part, *rest)

    monkeypatch.setattr(run, "_compute_part", fits_three)
    run.run(ignore, ignore)
    assert run.accumulation == 4
    assert "4 parts" in capsys.readouterr().out


def test_memory_too_small_for_one_painting_is_said(
    make_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(epochs=1)

    def fits_none(*_: Any) -> torch.Tensor:
        raise torch.OutOfMemoryError("planted")

    monkeypatch.setattr(run, "_compute_part", fits_none)
    with pytest.raises(UserError, match=r"planted.*--image-size"):
        run.run(ignore, ignore)


def test_a_loss_that_diverges_is_said(make_run: Any, inputs: Activations) -> None:
    inputs.values[3] = np.nan
    with pytest.raises(UserError, match="--head-rate"):
        make_run().run(ignore, ignore)


def test_without_validation_the_last_epoch_counts(make_run: Any) -> None:
    run = make_run(epochs=3)
    run.side = replace(run.side, validation=np.arange(0))
    progress = run.run(ignore, ignore)
    assert progress.best_epoch == progress.epoch == 3
    assert {record["validation_loss"] for record in progress.history} == {None}


def test_answers_come_in_the_order_asked(
    make_run: Any, inputs: Activations, processes: Processes
) -> None:
    module = make_run().module
    rows = np.array([5, 3, 70])
    logits, embedding = compute_answers(module, inputs, rows, processes)
    for place, row in enumerate(rows):
        alone, vector = compute_answers(module, inputs, np.array([row]), processes)
        np.testing.assert_allclose(logits["style"][place], alone["style"][0], atol=1e-5)
        np.testing.assert_allclose(embedding[place], vector[0], atol=1e-5)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the compiler's own
def test_a_compiled_top_learns_what_an_interpreted_one_learns(
    config: TrainConfig, inputs: Activations, objective: Objective, processes: Processes
) -> None:
    def learn(*, compiled: bool) -> dict[str, torch.Tensor]:
        torch.manual_seed(0)
        top = Top(torch.nn.Conv2d(CHANNELS, CHANNELS, 1))
        if compiled:
            top.compile()
        tail = Tail(top, Heads(CHANNELS, 2, SPEC))
        side = Side(0, np.arange(60), np.arange(60, COUNT))
        run = PhaseRun(config, Phase("fine-tuning", 2, inputs), side, tail, objective, processes)
        run.run(ignore, ignore)
        return weights(run)

    expected, found = learn(compiled=False), learn(compiled=True)
    assert list(found) == list(expected)  # a checkpoint fits either
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, atol=1e-4, rtol=1e-3)


def test_weights_are_averaged_as_asked_not_averaged_included(make_run: Any) -> None:
    assert make_run(ema_decay=0.0).averaged.decay == 0
    assert make_run(ema_decay=0.7).averaged.decay == 0.7
    assert make_run(ema_decay=None).averaged.decay == LEAST_DECAY


def test_norms_and_biases_do_not_decay(make_run: Any) -> None:
    run = make_run(weight_decay=0.3)
    groups = run.optimizer.param_groups
    decays = {id(each): group["weight_decay"] for group in groups for each in group["params"]}
    named = dict(run.module.named_parameters())
    assert len(decays) == len(named)
    for name, values in named.items():
        assert decays[id(values)] == (0.3 if values.ndim > 1 else 0), name
    assert {each.ndim > 1 for each in named.values()} == {True, False}


def test_parted_groups_keep_their_rates_and_their_order() -> None:
    top, heads = torch.nn.LayerNorm(4), torch.nn.Linear(4, 2)
    groups = [
        {"params": list(top.parameters()), "peak": 1.0},
        {"params": list(heads.parameters()), "peak": 2.0},
    ]
    parted = part_by_decay(groups)
    assert [group["peak"] for group in parted] == [1.0, 2.0, 2.0]
    assert [group.get("weight_decay") for group in parted] == [0.0, 0.0, None]
    assert [len(group["params"]) for group in parted] == [2, 1, 1]
