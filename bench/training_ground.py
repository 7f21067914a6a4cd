"""Paintings and a model to time the trainer on: its own activations, its own loop."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch

from core.images.pixels import load_square
from core.training.activations import Activations, compute_features, compute_stem_activations
from core.training.config import TrainConfig
from core.training.loop import Phase, PhaseName, PhaseRun, Side
from core.training.model import Heads, PaintingModel, Tail
from core.training.objective import Objective
from core.training.processes import Processes
from core.training.subject import Subject
from core.training.transfer import read_ahead
from core.training.views import PRESETS, View
from core.training.work import WorkFolder


@dataclass(frozen=True)
class Ground:
    """Paintings of one collection, and the model that learns from them."""

    config: TrainConfig
    subject: Subject
    model: PaintingModel
    processes: Processes
    work: WorkFolder

    @property
    def images(self) -> list[str]:
        images: list[str] = self.subject.paintings["image"].tolist()
        return images

    @property
    def views(self) -> tuple[View, ...]:
        return PRESETS[self.config.views]

    def fill_stem(self, name: str) -> Activations:
        """Stem activations, computed anew in a folder of their own."""
        return compute_stem_activations(
            self.model.stem,
            self.subject.store,
            self.images,
            self.model.spec.image_size,
            self.views,
            self._folder(name),
            self.processes,
        )

    def fill_features(self, name: str, stem: Activations) -> Activations:
        """Features from the stem's activations, likewise."""
        top = self.model.tail.top
        work = self._folder(name)
        return compute_features(top, stem, self.config.columns, work, self.processes)

    def run_stem(self, pixels: torch.Tensor, count: int) -> None:
        """All views of ``count`` paintings from ``pixels`` (B, S, S, 3) that the device holds."""
        with torch.inference_mode(), self.processes.autocast():
            for start in range(0, count, len(pixels)):
                for view in self.views:
                    self.model.stem(view.apply(pixels[: count - start])).half().cpu()

    def make_tail(self, name: PhaseName, inputs: Activations | Live) -> Tail:
        """The backbone's top and fresh heads, for ``inputs`` of the phase ``name``."""
        (first,) = inputs.stream([(np.arange(1), np.zeros(1, dtype=np.int64))])
        tail = copy.deepcopy(self.model.tail).to(self.processes.device)
        with torch.inference_mode():
            features = first if name == "frozen" else tail.top(first.float())
        torch.manual_seed(0)
        channels, height = features.shape[1:3]
        return Tail(tail.top, Heads(channels, height, self.model.spec, tail.heads.of_last))

    def learn(
        self, name: PhaseName, inputs: Activations | Live, epochs: int, rows: np.ndarray
    ) -> PhaseRun:
        """Trains fresh heads on ``rows``, with the trainer's own loop."""
        labels = self.subject.labels
        objective = Objective(
            labels={task: torch.from_numpy(index) for task, index in labels.indices.items()},
            class_weights={task: torch.ones(len(names)) for task, names in labels.classes.items()},
            task_weights=dict.fromkeys(labels.classes, 1.0),
            smoothing=self.config.label_smoothing,
        )
        side, phase = Side(0, rows, np.arange(0)), Phase(name, epochs, inputs)  # type: ignore[arg-type]
        tail = self.make_tail(name, inputs)
        run = PhaseRun(self.config, phase, side, tail, objective, self.processes)
        run.run(lambda record: None, lambda state: None)
        self.processes.release()
        return run

    def _folder(self, name: str) -> WorkFolder:
        return WorkFolder(self.work.path / name, {})


@dataclass(frozen=True)
class Live:
    """Replaces activations; computes them from the files each time."""

    ground: Ground

    @property
    def views(self) -> int:
        return len(self.ground.views)

    def stream(self, requests: Sequence[tuple[np.ndarray, np.ndarray]]) -> Iterator[torch.Tensor]:
        for (_, views), pixels in read_ahead(requests, lambda request: self.read(request[0])):
            yield self._compute(pixels, views)

    def read(self, rows: np.ndarray) -> torch.Tensor:
        """(B, S, S, 3) uint8, decoded by as many threads as the trainer uses."""
        ground = self.ground
        store, size = ground.subject.store, ground.model.spec.image_size
        images = [ground.images[row] for row in rows]
        with ThreadPoolExecutor(ground.processes.threads) as pool:
            squares = pool.map(lambda image: load_square(store.read(image), size), images)
            return torch.from_numpy(np.stack(list(squares)))

    def _compute(self, pixels: torch.Tensor, views: np.ndarray) -> torch.Tensor:
        ground, device = self.ground, self.ground.processes.device
        pixels = pixels.to(device)
        shown = torch.empty_like(pixels)
        for number in np.unique(views):
            places = torch.from_numpy(np.flatnonzero(views == number)).to(device)
            shown[places] = ground.views[number].apply(pixels[places])
        with torch.no_grad(), ground.processes.autocast():
            stem = ground.model.stem.to(device)(shown)
            features: torch.Tensor = ground.model.tail.top.to(device)(stem)
        return features.half()


def hold(activations: Activations) -> Activations:
    """The same, resident on the device, as data that no pipeline has to bring."""
    values = torch.as_tensor(np.array(activations.values)).to(activations.device)
    return Activations(values, activations.device)


def time_work(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes, on the GPU as well."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    started = time.perf_counter()
    work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started
