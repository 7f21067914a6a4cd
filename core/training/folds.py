"""Every fold's model and the published one: from activations to out-of-fold answers."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import torch
from scipy.stats import gmean

from core.findings.calibration import apply_temperature, fit_temperature
from core.progress import Stage, stage
from core.splits import hold_out_validation
from core.tasks import Task
from core.training.activations import Activations
from core.training.config import TrainConfig
from core.training.labels import Labels
from core.training.loop import Phase, PhaseRun, Progress, Side, compute_answers
from core.training.model import Heads, PaintingModel, Tail
from core.training.objective import Objective, compute_class_weights
from core.training.processes import Processes
from core.training.seeds import derive_seed
from core.training.work import WorkFolder

PUBLISHED: Final = -1  # the fold number of the model that learns from every painting
SAVE_EVERY_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Answers:
    """What the folds said, and the published model's view of all paintings.

    ``probabilities`` and ``uncalibrated``: (N, K) a task, out of fold, zero rows where not scored.
    ``temperatures``: one a fold, then the published model's. ``embeddings`` (N, D), published.
    ``dynamics`` (N, E): style margin of the given label at each epoch of the published model.
    """

    probabilities: dict[Task, np.ndarray]
    uncalibrated: dict[Task, np.ndarray]
    temperatures: dict[Task, tuple[float, ...]]
    embeddings: np.ndarray
    dynamics: np.ndarray
    history: pd.DataFrame


class Trainer:
    """Trains the folds and the published model on the same frozen activations."""

    def __init__(
        self,
        config: TrainConfig,
        model: PaintingModel,
        labels: Labels,
        groups: np.ndarray,
        stem: Activations,
        features: Activations,
        work: WorkFolder,
        processes: Processes,
    ) -> None:
        self.config, self.model, self.labels, self.groups = config, model, labels, groups
        self.stem, self.features, self.work, self.processes = stem, features, work, processes
        weights = {"style": config.style_weight, "artist": config.artist_weight}
        weights["genre"] = config.genre_weight
        self.objective = Objective(
            labels={task: torch.from_numpy(index) for task, index in labels.indices.items()},
            class_weights={
                task: torch.from_numpy(
                    compute_class_weights(
                        labels.indices[task], len(labels.classes[task]), config.class_weights
                    )
                )
                for task in labels.classes
            },
            task_weights={task: weights[task] for task in labels.classes},
            smoothing=config.label_smoothing,
        )

    def run(self, fold: np.ndarray) -> Answers:
        """Trains a model a fold, scores what it did not see, then trains the published model."""
        folds = range(int(fold.max()) + 1)
        results = [self._score_fold(number, fold) for number in folds]
        epochs = [
            round(float(np.median(e))) for e in zip(*(r["epochs"] for r in results), strict=True)
        ]
        published = self._publish(epochs)
        count = len(fold)
        tables = [
            {task: np.zeros((count, len(names))) for task, names in self.labels.classes.items()}
            for _ in range(2)
        ]
        for number, result in zip(folds, results, strict=True):
            rows = np.flatnonzero(fold == number)
            for task, logits in result["logits"].items():
                tables[0][task][rows] = apply_temperature(
                    logits.numpy(), result["temperatures"][task]
                )
                tables[1][task][rows] = apply_temperature(logits.numpy(), 1.0)
        return Answers(
            probabilities=tables[0],
            uncalibrated=tables[1],
            temperatures={
                task: (*(each := [r["temperatures"][task] for r in results]), float(gmean(each)))
                for task in self.labels.classes
            },
            embeddings=published["embeddings"].numpy(),
            dynamics=published["margins"].numpy(),
            history=pd.DataFrame([row for r in (*results, published) for row in r["history"]]),
        )

    def _score_fold(self, number: int, fold: np.ndarray) -> dict[str, Any]:
        """Out-of-fold logits, temperatures, best epochs and history of one fold."""
        name = f"fold-{number}.result"
        if (result := self.work.load(name)) is not None:
            return dict(result)
        side = self._split_side(number, np.flatnonzero(fold != number))
        tail, ends = self._train(side, self._phases(None))
        held_out = np.flatnonzero(fold == number)
        logits, _ = compute_answers(tail, self.stem, held_out, self.processes)
        checked, _ = compute_answers(tail, self.stem, side.validation, self.processes)
        result = {
            "logits": {task: torch.from_numpy(values) for task, values in logits.items()},
            "temperatures": {
                task: self._fit_temperature(task, values, side.validation)
                for task, values in checked.items()
            },
            "epochs": [end.best_epoch for end in ends],
            "history": [row for end in ends for row in end.history],
        }
        self._finish(name, f"fold-{number}", result)
        return result

    def _publish(self, epochs: list[int]) -> dict[str, Any]:
        """Trains ``self.model`` on all paintings for the folds' best number of epochs."""
        name = "published.result"
        result = self.work.load(name)
        if result is None:
            count = len(self.groups)
            side = Side(PUBLISHED, np.arange(count), np.arange(0))
            tail, ends = self._train(side, self._phases(epochs))
            _, embeddings = compute_answers(tail, self.stem, np.arange(count), self.processes)
            result = {
                "tail": tail.state_dict(),
                "embeddings": torch.from_numpy(embeddings),
                "margins": torch.stack([epoch for end in ends for epoch in end.margins], dim=1),
                "history": [row for end in ends for row in end.history],
            }
            self._finish(name, "published", result)
        self.model.tail.load_state_dict(result["tail"])
        return dict(result)

    def _phases(self, epochs: list[int] | None) -> list[Phase]:
        frozen, tuning = epochs or (self.config.frozen_epochs, self.config.tuning_epochs)
        phases = [Phase("frozen", frozen, self.features), Phase("fine-tuning", tuning, self.stem)]
        return [phase for phase in phases if phase.epochs > 0]

    def _train(self, side: Side, phases: list[Phase]) -> tuple[Tail, list[Progress]]:
        """A fresh tail, trained through ``phases``; goes on from the last epoch that was saved."""
        tail = self._fresh_tail(side.fold)
        ends: list[Progress] = []
        title = "published model" if side.fold == PUBLISHED else f"fold {side.fold + 1}"
        total = sum(phase.epochs for phase in phases) * len(side.training)
        with stage(f"Training {title}", total) as shown:
            for phase in phases:
                ends.append(self._run_phase(phase, side, tail, shown))
        return tail, ends

    def _run_phase(self, phase: Phase, side: Side, tail: Tail, shown: Stage) -> Progress:
        run = PhaseRun(self.config, phase, side, tail, self.objective, self.processes)
        piece = f"{'published' if side.fold == PUBLISHED else f'fold-{side.fold}'}.{phase.name}"
        if (state := self.work.load(piece)) is not None:
            run.restore(state)
            shown.advance(run.progress.epoch * len(side.training))
        saved = time.monotonic()

        def save(state: dict[str, Any]) -> None:
            nonlocal saved
            due = time.monotonic() - saved > SAVE_EVERY_SECONDS or run.is_finished
            if due and self.processes.is_main:
                self.work.save(piece, state)
                saved = time.monotonic()

        def on_epoch(record: dict[str, Any]) -> None:
            shown.advance(len(side.training))

        return run.run(on_epoch, save)

    def _fresh_tail(self, number: int) -> Tail:
        """The pretrained top and new heads, seeded by the fold."""
        tail = copy.deepcopy(self.model.tail)
        torch.manual_seed(derive_seed(self.config.seed, "heads", number))
        channels, height = self.features.values.shape[2:4]
        tail.heads = Heads(channels, height, self.model.spec)
        return tail.requires_grad_(True)

    def _split_side(self, number: int, rows: np.ndarray) -> Side:
        training, validation = hold_out_validation(
            self.labels.indices["style"],
            self.groups,
            rows,
            self.config.validation_share,
            derive_seed(self.config.seed, "validation", number) % 2**32,
        )
        return Side(number, training, validation)

    def _fit_temperature(self, task: Task, logits: np.ndarray, rows: np.ndarray) -> float:
        labels = self.labels.indices[task][rows]
        return fit_temperature(logits[labels >= 0], labels[labels >= 0])

    def _finish(self, name: str, prefix: str, result: dict[str, Any]) -> None:
        self.processes.wait()
        if self.processes.is_main:
            self.work.save(name, result)
            for phase in ("frozen", "fine-tuning"):
                self.work.remove_piece(f"{prefix}.{phase}")
        self.processes.wait()
