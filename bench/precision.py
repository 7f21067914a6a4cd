"""How far the answers of lower precision are from those of float32: in ranks and probabilities."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import numpy as np
import torch
from scipy.special import softmax
from torch import nn

from core.tasks import Task
from core.training.activations import Activations
from core.training.loop import compute_answers
from core.training.processes import Processes


class InPrecision(Processes):
    """The same processes computing in ``dtype``, whatever they chose for themselves."""

    def __init__(self, processes: Processes, dtype: torch.dtype) -> None:
        self.accelerator, self.dtype = processes.accelerator, dtype

    def autocast(self) -> AbstractContextManager[None]:
        if self.dtype == torch.float32:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)


def compare_precisions(
    module: nn.Module,
    stem: Activations,
    rows: np.ndarray,
    labels: dict[Task, np.ndarray],
    processes: Processes,
    lower: torch.dtype,
) -> dict[str, Any]:
    """``compare_answers`` of each task: scored in ``lower`` as a run is, and in plain float32.

    With the images a second of either.
    """
    found, lower_rate = _score(module, stem, rows, InPrecision(processes, lower))
    with _without_tf32():
        exact, exact_rate = _score(module, stem, rows, InPrecision(processes, torch.float32))
    return {
        "lower": str(lower).removeprefix("torch."),
        "rows": len(rows),
        "lower_rate": lower_rate,
        "exact_rate": exact_rate,
        "tasks": {
            task: compare_answers(found[task], exact[task])
            | {"right": float((exact[task].argmax(axis=1) == labels[task][rows]).mean())}
            for task in exact
        },
    }


def _score(
    module: nn.Module, stem: Activations, rows: np.ndarray, processes: Processes
) -> tuple[dict[Task, np.ndarray], float]:
    """Logits of each task, and images a second."""
    compute_answers(module, stem, rows, processes)
    started = time.perf_counter()
    logits, _ = compute_answers(module, stem, rows, processes)
    return logits, len(rows) / (time.perf_counter() - started)


def compare_answers(found: np.ndarray, exact: np.ndarray) -> dict[str, float]:
    """Shares of the rows of two (n, K) tables of logits, and the differences of probabilities.

    ``tied``: first and second of ``found`` are one number. ``first`` and ``order``: the first
    class, or the order of the first two, is another than in ``exact``. ``largest`` and ``median``:
    of each row's largest difference.
    """
    ours, theirs = (np.argsort(-logits, axis=1, kind="stable")[:, :2] for logits in (found, exact))
    ranked = np.take_along_axis(found, ours, axis=1)
    gaps = np.abs(softmax(found, axis=1) - softmax(exact, axis=1)).max(axis=1)
    return {
        "tied": float((ranked[:, 0] == ranked[:, 1]).mean()),
        "first": float((ours[:, 0] != theirs[:, 0]).mean()),
        "order": float((ours != theirs).any(axis=1).mean()),
        "largest": float(gaps.max()),
        "median": float(np.median(gaps)),
    }


@contextmanager
def _without_tf32() -> Iterator[None]:
    backends: tuple[Any, ...] = (torch.backends.cuda.matmul, torch.backends.cudnn)
    before = [backend.allow_tf32 for backend in backends]
    try:
        for backend in backends:
            backend.allow_tf32 = False
        yield
    finally:
        for backend, allowed in zip(backends, before, strict=True):
            backend.allow_tf32 = allowed
