"""Activations on their way to the device: in chunks, ahead of their use, each once a step."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch

from core.training import transfer
from core.training.activations import Activations, as_inputs
from core.training.batches import plan_epoch
from core.training.loop import Phase, PhaseRun, Side
from core.training.model import Heads, ModelSpec, Tail
from core.training.objective import Objective
from core.training.processes import Processes
from core.training.room import compute_room, measure_room
from core.training.top import Top
from tests.training.conftest import small_config

CPU = torch.device("cpu")
COUNT, VIEWS = 50, 2
SPEC = ModelSpec("none", 32, 0, "mean", "sequence", 0.3, {"style": ("a", "b", "c")})


@pytest.fixture
def values(tmp_path: Path) -> np.memmap:
    file = tmp_path / "stem.npy"
    np.save(file, np.random.default_rng(0).normal(size=(COUNT, VIEWS, 4, 2, 3)).astype(np.float16))
    return np.load(file, mmap_mode="r+")


@pytest.mark.parametrize("chunk", [1, 48 * 7, 48 * COUNT, 10**9])
def test_a_whole_array_arrives_in_chunks(
    values: np.memmap, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "CHUNK_BYTES", chunk)
    moved = transfer.move_whole(values, CPU)
    np.testing.assert_array_equal(moved.numpy(), values)
    assert not np.shares_memory(moved.numpy(), values)


def test_activations_are_placed_where_there_is_room(values: np.memmap) -> None:
    on_disk = Activations(values, CPU)
    assert on_disk.place(values.nbytes - 1) is on_disk
    assert on_disk.resident == 0
    placed = on_disk.place(values.nbytes)
    assert isinstance(placed.values, torch.Tensor)
    assert placed.resident == values.nbytes
    assert placed.place(10**12) is placed


def test_batches_come_in_order_from_disk_and_from_the_device(values: np.memmap) -> None:
    rng = np.random.default_rng(1)
    requests = [(rng.integers(0, COUNT, n), rng.integers(0, VIEWS, n)) for n in (5, 1, 0, 8)]
    for activations in (Activations(values, CPU), Activations(values, CPU).place(10**9)):
        found = list(activations.stream(requests))
        assert len(found) == len(requests)
        for (rows, views), batch in zip(requests, found, strict=True):
            np.testing.assert_array_equal(batch.numpy(), values[rows, views])
            np.testing.assert_array_equal(
                activations.take(rows, views).numpy(), values[rows, views].astype(np.float32)
            )


def test_the_gpus_room_is_what_training_leaves() -> None:
    """EfficientNet-B3 at 300 px, batches of 128: a step of 6.6 GB, 8 million parameters."""
    stem, features = 33_866_946_048, 15_012_000_000  # of 81,444 paintings in six views
    h100 = compute_room(85_000_000_000, 6_600_000_000, 8_000_000)
    assert stem + features < h100 < 85_000_000_000 - 6_600_000_000
    t4 = compute_room(15_600_000_000, 6_600_000_000, 8_000_000)
    assert 0 < t4 < features
    assert compute_room(6_000_000_000, 6_600_000_000, 8_000_000) == 0


def test_without_a_gpu_nothing_is_placed() -> None:
    from core.training.model import build_model

    spec = ModelSpec("tf_efficientnet_lite0", 64, 3, "mean", "sequence", 0.3, SPEC.classes)
    assert measure_room(build_model(spec, pretrained=False), 8, Processes("cpu")) == 0


@dataclass(frozen=True)
class Counted(Activations):
    """Remembers how many rows were asked for at a time."""

    asked: list[int] = field(default_factory=list)

    def stream(
        self, requests: Sequence[tuple[np.ndarray, np.ndarray]]
    ) -> Generator[torch.Tensor, None, None]:
        self.asked.extend(len(rows) for rows, _ in requests)
        return super().stream(requests)


def make_run(inputs: Activations, tmp_path: Path, mixup: float) -> PhaseRun:
    torch.manual_seed(0)
    labels = torch.arange(COUNT) % 3
    objective = Objective({"style": labels}, {"style": torch.ones(3)}, {"style": 1.0}, 0.05)
    tail = Tail(Top(), Heads(4, 2, SPEC))
    side = Side(0, np.arange(COUNT), np.arange(0))
    config = small_config(tmp_path, tmp_path, mixup=mixup, batch_size=12)
    return PhaseRun(config, Phase("frozen", 1, inputs), side, tail, objective, Processes("cpu"))


@pytest.mark.parametrize(("mixup", "beside"), [(0.4, 1), (0.0, 0)])
def test_each_painting_is_read_once_a_step(
    values: np.memmap, tmp_path: Path, mixup: float, beside: int
) -> None:
    inputs = Counted(values, CPU)
    make_run(inputs, tmp_path, mixup).run(lambda record: None, lambda state: None)
    assert inputs.asked == [10 + beside] * 5


@pytest.mark.parametrize("count", [1, 2, 5])
def test_paintings_are_blended_with_the_one_before(
    values: np.memmap, tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the edges of a process's share and of a part of it, as if it had the whole batch."""
    inputs = Activations(values, CPU)
    run = make_run(inputs, tmp_path, 0.4)
    (batch, *_) = plan_epoch(np.arange(COUNT), 12, VIEWS, 0.4, seed=3)
    whole = inputs.take(batch.rows, batch.views)
    before = inputs.take(np.roll(batch.rows, 1), np.roll(batch.views, 1))
    expected = batch.blend * whole + (1 - batch.blend) * before
    monkeypatch.setattr(Processes, "count", count)
    found = []
    for rank in range(count):
        monkeypatch.setattr(Processes, "rank", rank)
        share = run.processes.take_share(len(batch.rows))
        (held,) = inputs.stream([run._ask(batch)])
        for part in np.array_split(np.arange(share.start, share.stop), 3):
            found.append(run._blend(batch, part, held))
    torch.testing.assert_close(torch.cat(found), expected, rtol=0, atol=0)
    assert as_inputs(torch.zeros(2, 3, 4, 5).half()).is_contiguous(
        memory_format=torch.channels_last
    )
