"""timm's own training step, as its train.py takes it, on a model and data of ours.

Autocast, backward, ``dispatch_clip_grad``, an optimizer of ``create_optimizer_v2``, the average of
``ModelEmaV3``: one thing after another, over data that is on the device already.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import timm
import torch
from timm.optim import create_optimizer_v2
from timm.utils import ModelEmaV3, dispatch_clip_grad
from torch import nn
from torch.nn import functional as F

from bench.training_ground import Ground
from core.training.activations import Activations, as_inputs
from core.training.average import LEAST_DECAY

Forward = Callable[[torch.Tensor], list[torch.Tensor]]  # inputs -> logits of each task


class TimmStep:
    """One model, its optimizer and its average."""

    def __init__(self, ground: Ground, model: nn.Module, forward: Forward) -> None:
        self.config, self.forward = ground.config, forward
        self.autocast = ground.processes.autocast
        self.device = ground.processes.device
        self.model = model.to(self.device).to(memory_format=torch.channels_last)
        self.optimizer = create_optimizer_v2(
            self.model, opt="adamw", lr=1e-4, weight_decay=self.config.weight_decay or 0.0
        )
        decay = LEAST_DECAY if self.config.ema_decay is None else self.config.ema_decay
        self.average = ModelEmaV3(self.model, decay=decay)

    def run(self, inputs: torch.Tensor, labels: list[torch.Tensor]) -> None:
        with self.autocast():
            losses = [
                F.cross_entropy(logits, given, label_smoothing=self.config.label_smoothing)
                for logits, given in zip(self.forward(inputs), labels, strict=True)
            ]
            loss = torch.stack(losses).sum()
        loss.backward()
        dispatch_clip_grad(self.model.parameters(), self.config.gradient_clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.average.update(self.model)


def time_our_model(ground: Ground, resident: Activations, epochs: int) -> float:
    """Images a second of timm's step on our top and heads, fed from the stem's activations."""
    tail = ground.make_tail("fine-tuning", resident).requires_grad_(True).train()
    size, device = int(ground.config.batch_size or 1), ground.processes.device
    masks, tasks = tail.heads.masks, ground.subject.labels.classes

    def forward(inputs: torch.Tensor) -> list[torch.Tensor]:
        masks.begin(0, np.arange(len(inputs)), len(inputs), device)
        return list(tail(inputs)[0].values())

    step = TimmStep(ground, tail, forward)
    labels = [torch.zeros(size, dtype=torch.int64, device=device) for _ in tasks]
    batches = _plan(len(ground.images), size)

    def run_epoch() -> None:
        requests = [(rows, np.zeros_like(rows)) for rows in batches]
        for inputs in resident.stream(requests):
            step.run(as_inputs(inputs), labels)

    return sum(map(len, batches)) / _time_epochs(run_epoch, epochs)


def time_whole_model(ground: Ground, epochs: int) -> float:
    """Images a second of timm's step on the whole backbone, from pixels, every layer learning."""
    size, device = int(ground.config.batch_size or 1), ground.processes.device
    classes = len(ground.subject.labels.classes["style"])
    model = timm.create_model(str(ground.config.backbone), num_classes=classes).train()
    side = ground.model.spec.image_size
    pixels = torch.randn(size, 3, side, side, device=device).to(memory_format=torch.channels_last)
    step = TimmStep(ground, model, lambda inputs: [model(inputs)])
    labels = [torch.zeros(size, dtype=torch.int64, device=device)]
    batches = _plan(len(ground.images), size)

    def run_epoch() -> None:
        for _ in batches:
            step.run(pixels, labels)

    return size * len(batches) / _time_epochs(run_epoch, epochs)


def _plan(count: int, size: int) -> list[np.ndarray]:
    """Full batches alone; at least one, of whatever there is."""
    order = np.random.default_rng(0).permutation(max(count, size)) % count
    return [order[start : start + size] for start in range(0, len(order) - size + 1, size)]


def _time_epochs(run: Callable[[], None], epochs: int) -> float:
    """Median seconds of ``epochs`` turns after one to warm up."""
    times = []
    for _ in range(epochs + 1):
        started = time.perf_counter()
        run()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        times.append(time.perf_counter() - started)
    return median(times[1:])
