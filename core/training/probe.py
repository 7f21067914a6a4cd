"""Real speeds of this machine, measured in a few seconds on synthetic pictures."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import torch
from PIL import Image
from torch import nn

from core.findings.neighbours import find_neighbours
from core.images.encode import QUALITY
from core.images.pixels import load_square
from core.images.work import Job, Worker
from core.training.activations import Activations, add_column_means
from core.training.config import TrainConfig
from core.training.estimate import Rates, Shapes
from core.training.labels import Labels
from core.training.loop import Phase, PhaseName, PhaseRun, Side, compute_answers
from core.training.model import PaintingModel
from core.training.objective import Objective
from core.training.processes import Processes
from core.training.views import PRESETS

ORIGINAL: Final = (1400, 1100)  # pixels of a typical scan
PROBED_ON_CPU: Final = 8 * 224**2  # pixels a step: a larger batch is hardly faster there
MEASURES: Final = 8  # that share the time


@dataclass(frozen=True)
class Probe:
    """Measures one model on the device of ``processes`` within about ``seconds``."""

    config: TrainConfig
    model: PaintingModel
    labels: Labels
    processes: Processes
    seconds: float = 10.0

    def run(self) -> tuple[Rates, Shapes]:
        """Speeds and shapes; ``config`` is resolved."""
        batch = self._batch()
        stem, top = self._stem_and_top()
        size, device = self.model.spec.image_size, self.processes.device
        pixels = torch.randint(0, 256, (batch, size, size, 3), dtype=torch.uint8, device=device)
        activations = self._infer(stem, pixels)
        features = self._infer(add_column_means(top, self.config.columns), activations)
        frozen, kept = self._train("frozen", features)
        tuning, is_tuned = frozen, bool(self.config.tuning_epochs)
        if is_tuned:
            tuning, kept = self._train("fine-tuning", activations)
        rates = Rates(
            store=self._time(self._store_one()),
            read=self._time(self._read_one(size)),
            stem=self._time(lambda: len(self._infer(stem, pixels))),
            top=self._time(lambda: len(self._infer(top, activations))),
            frozen=frozen,
            fine_tuning=tuning,
            scoring=self._time(self._score(activations)) if is_tuned else frozen,
            neighbours=self._time(self._find_neighbours()),
        )
        trained = self.model.tail if is_tuned else self.model.tail.heads
        learning = sum(values.numel() for values in trained.parameters())
        everything = sum(values.numel() for values in self.model.state_dict().values())
        return rates, Shapes(
            stem=activations[0].numel() if is_tuned and self.config.views != "online" else 0,
            features=features[0].numel(),
            kept=kept // batch,
            learning=learning,
            frozen=everything - learning,
        )

    def _batch(self) -> int:
        batch = self.config.batch_size or 1
        few = max(2, PROBED_ON_CPU // self.model.spec.image_size**2)
        return batch if self.processes.device.type == "cuda" else min(batch, few)

    def _stem_and_top(self) -> tuple[nn.Module, nn.Module]:
        model = self.model.to(self.processes.device).eval()
        return model.stem, model.tail.top

    def _infer(self, module: nn.Module, inputs: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode(), self.processes.autocast():
            outputs: torch.Tensor = module(inputs)
        return outputs.float()

    def _train(self, name: PhaseName, inputs: torch.Tensor) -> tuple[float, int]:
        """Paintings a second of training, and the bytes that one step keeps for its gradients."""
        kept: dict[int, int] = {}

        def note(tensor: torch.Tensor) -> torch.Tensor:
            kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
            first = self._train_steps(name, inputs, 1)
        steps = max(1, int(self.seconds / MEASURES / first))
        seconds = self._train_steps(name, inputs, steps)
        self.processes.release()
        return len(inputs) * steps / seconds, sum(kept.values())

    def _train_steps(self, name: PhaseName, inputs: torch.Tensor, steps: int) -> float:
        """Seconds of ``steps`` steps of the real loop, the same paintings in each."""
        count = len(inputs)
        rows = np.tile(np.arange(count), steps)
        values = inputs.half().unsqueeze(1).expand(-1, self._views(), *inputs.shape[1:])
        phase = Phase(name, 1, Activations(values, inputs.device))
        side = Side(0, rows, np.arange(0))
        config, objective = replace(self.config, batch_size=count), self._objective(count)
        run = PhaseRun(config, phase, side, self.model.tail, objective, self.processes)
        record = run.run(lambda record: None, lambda state: None).history[0]
        return float(record["seconds"])

    def _objective(self, count: int) -> Objective:
        """Every painting has the first class of each task."""
        classes = self.labels.classes
        return Objective(
            labels={task: torch.zeros(count, dtype=torch.int64) for task in classes},
            class_weights={task: torch.ones(len(names)) for task, names in classes.items()},
            task_weights=dict.fromkeys(classes, 1.0),
            smoothing=self.config.label_smoothing,
        )

    def _views(self) -> int:
        return len(PRESETS[self.config.views])

    def _score(self, inputs: torch.Tensor) -> Callable[[], int]:
        activations = Activations(inputs.half().unsqueeze(1), inputs.device)
        rows = np.arange(len(inputs))

        def score() -> int:
            compute_answers(self.model.tail, activations, rows, self.processes)
            return len(rows)

        return score

    def _store_one(self) -> Callable[[], int]:
        data = _make_jpeg(ORIGINAL)

        def store() -> int:
            with tempfile.TemporaryDirectory() as folder:
                worker = Worker(_Fixed(data), Path(folder), self.config.short_side, QUALITY)
                worker.run(Job("painting", "painting.jpg", "stamp"))
            return 1

        return store

    def _read_one(self, size: int) -> Callable[[], int]:
        short = self.config.short_side
        data = _make_jpeg((round(short * ORIGINAL[0] / ORIGINAL[1]), short))
        return lambda: len(load_square(data, size)[None])

    def _find_neighbours(self) -> Callable[[], int]:
        rows = np.random.default_rng(0).normal(size=(4096, 512)).astype(np.float32)

        def find() -> int:
            find_neighbours(rows, self.config.neighbours)
            return len(rows) ** 2

        return find

    def _time(self, work: Callable[[], int]) -> float:
        """Units a second of ``work``, which returns how many it did."""
        work()
        self._synchronise()
        started, done = time.perf_counter(), 0
        while True:
            done += work()
            self._synchronise()
            elapsed = time.perf_counter() - started
            if elapsed > self.seconds / MEASURES:
                return done / elapsed

    def _synchronise(self) -> None:
        if self.processes.device.type == "cuda":
            torch.cuda.synchronize(self.processes.device)


@dataclass(frozen=True)
class _Fixed:
    """A reader that returns the same bytes for every picture."""

    data: bytes

    def read(self, image: str) -> bytes:
        return self.data

    def stamp(self, image: str) -> str:
        return "stamp"


def _make_jpeg(size: tuple[int, int]) -> bytes:
    """A picture about as detailed as a painting: smooth areas with some grain."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (24, 32, 3)).astype(np.uint8))
    smooth = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), dtype=np.int16)
    grain = rng.normal(0, 6, smooth.shape[:2])[..., None]
    picture = Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8))
    file = BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()
