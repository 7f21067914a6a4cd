"""How fast each stage of the trainer runs on one device, and the memory that it takes there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np
import psutil
import torch

from bench.training_ground import Ground, Live, hold, time_work
from core.training.activations import Activations
from core.training.loop import PhaseName, PhaseRun, compute_answers
from core.training.transfer import move_whole


@dataclass(frozen=True)
class Speed:
    """Images a second (views, where a stage sees every view) of one stage.

    ``real``: with the trainer's own pipeline, from files. ``resident``: with data that the device
    holds already; None where that makes no difference. ``peak``: bytes of the device's memory, of
    main memory on a CPU, at the busiest moment of either.
    """

    stage: str
    real: float
    resident: float | None
    peak: int

    @property
    def ratio(self) -> float | None:
        return None if self.resident is None else self.real / self.resident


class SpeedCheck:
    """Runs every stage once to warm up, then to be timed; keeps what the next ones need.

    ``stem`` and ``features``: activations on disk. ``placed``: the stem's, on the device.
    """

    def __init__(self, ground: Ground, epochs: int) -> None:
        self.ground, self.epochs = ground, epochs
        self.device = ground.processes.device
        self.rows = np.arange(len(ground.images))
        self.views = len(self.rows) * len(ground.views)

    def run(self) -> Iterator[Speed]:
        """One stage after another, each as soon as it is measured."""
        self.ground.fill_stem("warm")
        yield self._read()
        self.placed = hold(self.stem)
        yield self._compute_features()
        yield self._learn("phase 1, cached", "frozen", self.features)
        yield self._learn("phase 2", "fine-tuning", self.stem)
        yield self._score()
        yield self._learn_live()

    def _read(self) -> Speed:
        ground, size = self.ground, self.ground.model.spec.image_size
        shape = (min(256, len(self.rows)), size, size, 3)
        pixels = torch.randint(0, 256, shape, dtype=torch.uint8, device=self.device)

        def read() -> None:
            self.stem = ground.fill_stem("stem")

        with Peak(self.device) as peak:
            real = time_work(read)
            resident = time_work(lambda: ground.run_stem(pixels, len(self.rows)))
        return self._rate("reading and stem, views", self.views, real, resident, peak)

    def _compute_features(self) -> Speed:
        def compute() -> None:
            self.features = self.ground.fill_features("features", self.placed)

        with Peak(self.device) as peak:
            self.ground.fill_features("warm", self.placed)
            seconds = time_work(compute)
        return self._rate("frozen features, views", self.views, seconds, None, peak)

    def _learn_live(self) -> Speed:
        with Peak(self.device) as peak:
            seconds = self._time_epochs("frozen", Live(self.ground), 1)
        return self._rate("phase 1, not cached", len(self.rows), seconds, None, peak)

    def _learn(self, stage: str, name: PhaseName, inputs: Activations) -> Speed:
        with Peak(self.device) as peak:
            real = self._time_epochs(name, inputs, self.epochs)
            resident = self._time_epochs(name, hold(inputs), self.epochs)
        return self._rate(stage, len(self.rows), real, resident, peak)

    def _time_epochs(self, name: PhaseName, inputs: Activations | Live, epochs: int) -> float:
        return median_epoch(self.ground.learn(name, inputs, epochs + 1, self.rows))

    def _score(self) -> Speed:
        tail = self.ground.make_tail("fine-tuning", self.placed).to(self.device)

        def time_scoring(inputs: Activations) -> float:
            def score() -> None:
                compute_answers(tail, inputs, self.rows, self.ground.processes)

            return median([time_work(score) for _ in range(self.epochs + 1)][1:])

        with Peak(self.device) as peak:
            real, resident = time_scoring(self.stem), time_scoring(self.placed)
        return self._rate("scoring", len(self.rows), real, resident, peak)

    def _rate(
        self, stage: str, images: int, real: float, resident: float | None, peak: Peak
    ) -> Speed:
        held = None if resident is None else images / resident
        return Speed(stage, images / real, held, peak.bytes)


class Peak:
    """``bytes``: the most memory that the device held within; of main memory on a CPU."""

    def __init__(self, device: torch.device) -> None:
        self.device, self.bytes = device, 0

    def __enter__(self) -> Peak:
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(self.device)
        else:
            self._done = threading.Event()
            self._watcher = threading.Thread(target=self._watch)
            self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.device.type == "cuda":
            self.bytes = torch.cuda.max_memory_allocated(self.device)
        else:
            self._done.set()
            self._watcher.join()

    def _watch(self) -> None:
        process = psutil.Process()
        while True:
            self.bytes = max(self.bytes, process.memory_info().rss)
            if self._done.wait(0.05):
                return


def median_epoch(run: PhaseRun) -> float:
    """Seconds of an epoch, the first left aside."""
    return median([record["seconds"] for record in run.progress.history][1:])


def measure_moving(stem: Activations) -> float:
    """Bytes a second from the disk's cache to the device, in chunks."""
    return stem.values.nbytes / time_work(lambda: move_whole(np.asarray(stem.values), stem.device))
