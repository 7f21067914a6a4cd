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
from torch import nn

from core.findings.evidence import FoldView
from core.findings.labels.calibration import (
    apply_fold_temperatures,
    fit_fold_temperatures,
    fit_temperature,
)
from core.findings.several import list_entries
from core.fold_codes import LEFT_OUT
from core.progress import Stage, stage
from core.splits import hold_out_validation
from core.tasks import Task
from core.training.activations import Shown
from core.training.config import TrainConfig
from core.training.frozen import Frozen
from core.training.judged import find_judged, find_learned, note_unjudged
from core.training.labels import Labels
from core.training.loop import Phase, PhaseRun, Progress, Side, compute_answers
from core.training.margins import average_margins, mask_margins
from core.training.model import Heads, PaintingModel, Tail
from core.training.objective import Objective, compute_class_weights
from core.training.online import MIRRORED
from core.training.processes import Processes
from core.training.scalars import Scalars
from core.training.seeds import derive_seed
from core.training.several import front_labels, note_several
from core.training.texture import compute_moments
from core.training.work import WorkFolder

PUBLISHED: Final = -1  # the fold number of the model that learns from every painting
SAVE_EVERY_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Scores:
    """What the folds said of the paintings they had not seen.

    ``probabilities`` and ``uncalibrated``: (N, K) a task, zero rows where not scored.
    ``temperatures``: one a fold. ``epochs``: the median of the folds' best, one a phase.
    ``judged`` (N,) class index a task: the given label, -1 where the folds cannot judge it, of
    which ``notes`` tell. ``labels``: with the likeliest of a work's several in front. ``views``:
    how each fold's model sees what it scored and what it did not.
    ``dynamics`` (N, E): margin of the given style at each epoch, the mean of the folds that learned
    from the painting; NaN where none did.
    """

    probabilities: dict[Task, np.ndarray]
    uncalibrated: dict[Task, np.ndarray]
    temperatures: dict[Task, tuple[float, ...]]
    epochs: list[int]
    judged: dict[Task, np.ndarray]
    labels: Labels
    notes: tuple[str, ...]
    views: tuple[FoldView, ...]
    dynamics: np.ndarray
    history: pd.DataFrame


@dataclass(frozen=True)
class Answers(Scores):
    """The folds' scores, and the published model's view of all paintings.

    ``temperatures`` end with the published model's, ``history`` with its epochs.
    ``embeddings`` (N, D). ``texture`` (N, C) and ``content`` (N, C'): the stem's and the next to
    last block's means and spreads over each painting; no content where that block lies in the
    stem.
    """

    embeddings: np.ndarray
    texture: np.ndarray
    content: np.ndarray | None


class Trainer:
    """Trains the folds and the published model on the same frozen activations."""

    def __init__(
        self,
        config: TrainConfig,
        model: PaintingModel,
        labels: Labels,
        groups: np.ndarray,
        frozen: Frozen,
        work: WorkFolder,
        processes: Processes,
    ) -> None:
        self.config, self.model, self.labels, self.groups = config, model, labels, groups
        self.frozen, self.work, self.processes = frozen, work, processes
        weights = {"style": config.style_weight, "artist": config.artist_weight}
        weights["genre"] = config.genre_weight
        self.objective = Objective(
            labels={task: torch.from_numpy(index) for task, index in labels.indices.items()},
            class_weights={
                task: torch.from_numpy(
                    compute_class_weights(
                        list_entries(labels.indices[task], labels.further.get(task))[1],
                        len(labels.classes[task]),
                        config.class_weights,
                    )
                )
                for task in labels.classes
            },
            task_weights={task: weights[task] for task in labels.classes},
            smoothing=config.label_smoothing,
            label_weights={task: torch.from_numpy(each) for task, each in labels.weights.items()},
            further={task: torch.from_numpy(each) for task, each in labels.further.items()},
        )

    def publish(self, scores: Scores, trust: np.ndarray) -> Answers:
        """Trains the published model, ``self.model``, on all paintings.

        ``trust`` (N,) float32: how much each style label counts, 0 to 1, so that labels in doubt
        shape neither the map nor the neighbours nor what is said of an upload.
        """
        published = self._publish(scores.epochs, trust)
        history = pd.concat([scores.history, pd.DataFrame(published["history"])])
        return Answers(
            **vars(scores)
            | {
                "temperatures": {
                    task: (*each, float(gmean(each))) for task, each in scores.temperatures.items()
                },
                "history": history,
            },
            embeddings=published["embeddings"].numpy(),
            texture=self.frozen.texture,
            content=self._compute_content(),
        )

    def _compute_content(self) -> np.ndarray | None:
        """Of the published model, which ``self.model`` holds by now."""
        count, stem = self.model.content_layers, self.frozen.stem
        if stem is None or not count:
            return self.frozen.content
        moments = compute_moments(self.model.tail.top, (count,), stem, self.processes)
        return moments[:, self.frozen.texture.shape[1] :]  # the stem's come first

    def score_folds(self, fold: np.ndarray) -> Scores:
        """Trains a model a fold and scores what it did not see; ``fold`` (N,), -1 for no fold."""
        self.folds = int(fold.max()) + 1
        results = [self._score_fold(number, fold) for number in range(self.folds)]
        learned = [{task: k.numpy() for task, k in r["learned"].items()} for r in results]
        logits = self._gather(results, fold)
        labels = front_labels(self.labels, logits)
        judged = find_judged(labels, fold, learned)
        temperatures = {
            task: fit_fold_temperatures(logits[task], judged[task], fold)
            if self.folds > 1
            else (results[0]["temperatures"][task],)
            for task in self.labels.classes
        }
        best = zip(*(result["epochs"] for result in results), strict=True)
        return Scores(
            probabilities={
                task: apply_fold_temperatures(table, fold, temperatures[task])
                for task, table in logits.items()
            },
            uncalibrated={
                task: apply_fold_temperatures(table, fold, (1.0,) * self.folds)
                for task, table in logits.items()
            },
            temperatures=temperatures,
            epochs=[round(float(np.median(epochs))) for epochs in best],
            judged=judged,
            labels=labels,
            notes=(*note_several(labels), *note_unjudged(labels, fold, learned)),
            views=tuple(_view(result, fold, number) for number, result in enumerate(results)),
            dynamics=average_margins([result["margins"] for result in results]),
            history=pd.DataFrame([row for result in results for row in result["history"]]),
        )

    def _gather(self, results: list[dict[str, Any]], fold: np.ndarray) -> dict[Task, np.ndarray]:
        """(N, K) logits a task, each row from the fold that scored it; NaN where none did."""
        tables = {
            task: np.full((len(fold), len(names)), np.nan)
            for task, names in self.labels.classes.items()
        }
        for number, result in enumerate(results):
            for task, logits in result["logits"].items():
                tables[task][fold == number] = logits.numpy()
        return tables

    def _score_fold(self, number: int, fold: np.ndarray) -> dict[str, Any]:
        """Out-of-fold logits, temperatures, best epochs and history of one fold."""
        name = f"{_name(number)}.result"
        if (result := self.work.load(name)) is not None:
            return dict(result)
        held_out, others = _part(fold, number)
        side = self._split_side(number, others)
        tail, ends = self._train(side, self._phases(None), self.objective)
        logits, held_out_embeddings = self._answer(number, tail, held_out)
        _, training_embeddings = self._answer(number, tail, others)
        result = {
            "logits": {task: torch.from_numpy(values) for task, values in logits.items()},
            "held_out_embeddings": torch.from_numpy(held_out_embeddings).half(),
            "training_embeddings": torch.from_numpy(training_embeddings).half(),
            "temperatures": self._fit_temperatures(tail, side) if self.folds == 1 else {},
            "learned": {
                task: torch.from_numpy(known)
                for task, known in find_learned(self.labels, side.training).items()
            },
            "epochs": [end.best_epoch for end in ends],
            "margins": [mask_margins(end.margins, side.training) for end in ends],
            "history": [row for end in ends for row in end.history],
        }
        self._finish(name, _name(number), result)
        return result

    def _publish(self, epochs: list[int], trust: np.ndarray) -> dict[str, Any]:
        """Trains ``self.model`` on all paintings for the folds' best number of epochs."""
        name = "published.result"
        result = self.work.load(name)
        if result is None:
            count = len(self.groups)
            side = Side(PUBLISHED, np.arange(count), np.arange(0))
            tail, ends = self._train(side, self._phases(epochs), self.objective.trust(trust))
            _, embeddings = self._answer(PUBLISHED, tail, np.arange(count))
            result = {
                "tail": tail.state_dict(),
                "embeddings": torch.from_numpy(embeddings),
                "history": [row for end in ends for row in end.history],
            }
            self._finish(name, "published", result)
        self.model.tail.load_state_dict(result["tail"])
        return dict(result)

    def _answer(
        self, number: int, tail: Tail, rows: np.ndarray
    ) -> tuple[dict[Task, np.ndarray], np.ndarray]:
        """As ``compute_answers``, with its progress shown."""
        share = self.processes.take_share(len(rows))
        total = share.stop - share.start
        title = f"{self._title(number)}: looking at paintings"
        with stage(title, total, shown=self.processes.is_main) as shown:
            answers = compute_answers(*self._answering(tail), rows, self.processes, shown.advance)
        if self.config.scored_views == "both":
            return self._add_mirrored(tail, rows, answers)
        return answers

    def _add_mirrored(
        self, tail: Tail, rows: np.ndarray, whole: tuple[dict[Task, np.ndarray], np.ndarray]
    ) -> tuple[dict[Task, np.ndarray], np.ndarray]:
        """The mean of the answers to the whole paintings and to their mirror images."""
        logits, embeddings = compute_answers(
            *self._answering(tail), rows, self.processes, view=MIRRORED
        )
        mean = embeddings + whole[1]
        mean /= np.linalg.norm(mean, axis=1, keepdims=True)
        return {task: (each + logits[task]) / 2 for task, each in whole[0].items()}, mean

    def _answering(self, tail: Tail) -> tuple[nn.Module, Shown]:
        """What was trained, and what it reads: the tail, or heads alone where nothing is tuned."""
        if self.frozen.stem is None:
            return tail.heads.to(self.processes.device), self.frozen.features
        return tail, self.frozen.stem

    def _phases(self, epochs: list[int] | None) -> list[Phase]:
        planned = epochs or [self.config.frozen_epochs or 0, self.config.tuning_epochs or 0]
        frozen, tuning = (*planned, 0)[:2]  # folds without fine-tuning name one number
        phases = [Phase("frozen", frozen, self.frozen.features)]
        if self.frozen.stem is not None:
            phases.append(Phase("fine-tuning", tuning, self.frozen.stem))
        return [phase for phase in phases if phase.epochs > 0]

    def _train(
        self, side: Side, phases: list[Phase], objective: Objective
    ) -> tuple[Tail, list[Progress]]:
        """A fresh tail, trained through ``phases``; goes on from the last epoch that was saved."""
        tail = self._fresh_tail(side.fold)
        ends: list[Progress] = []
        total = sum(phase.epochs for phase in phases) * len(side.training)
        with stage(self._title(side.fold), total, shown=self.processes.is_main) as shown:
            for phase in phases:
                ends.append(self._run_phase(phase, side, tail, objective, shown))
        return tail, ends

    def _run_phase(
        self, phase: Phase, side: Side, tail: Tail, objective: Objective, shown: Stage
    ) -> Progress:
        run = PhaseRun(self.config, phase, side, tail, objective, self.processes)
        piece, paintings = f"{_name(side.fold)}.{phase.name}", len(side.training)
        if (state := self.work.load(piece)) is not None:
            run.restore(state)
            shown.skip(run.progress.epoch * paintings)
        scalars = self._open_scalars(side.fold, run)
        saved = time.monotonic()

        def save(state: dict[str, Any]) -> None:
            nonlocal saved
            due = time.monotonic() - saved > SAVE_EVERY_SECONDS or run.is_finished
            if due and self.processes.is_main:
                self.work.save(piece, state)
                saved = time.monotonic()

        def describe() -> None:
            epoch = min(run.progress.epoch + 1, phase.epochs)
            title = f"{self._title(side.fold)}, {phase.name}, epoch {epoch} of {phase.epochs}"
            shown.describe(title)

        def on_epoch(record: dict[str, Any]) -> None:
            if scalars is not None:
                scalars.add(record)
            describe()

        describe()
        progress = run.run(on_epoch, save, shown.advance)
        shown.skip((phase.epochs - progress.epoch) * paintings)  # stopped early
        shown.describe(self._title(side.fold))
        if scalars is not None:
            scalars.close()
        self.processes.release()
        return progress

    def _open_scalars(self, number: int, run: PhaseRun) -> Scalars | None:
        if not self.processes.is_main:
            return None
        name = "published" if number == PUBLISHED else f"fold-{number + 1}"
        return Scalars(self.work.scalars / name / run.phase.name, run.progress.history)

    def _title(self, number: int) -> str:
        if number == PUBLISHED:
            return "Published model"
        return f"Fold {number + 1} of {self.config.folds if self.config.split == 'folds' else 1}"

    def _fresh_tail(self, number: int) -> Tail:
        """The pretrained top and new heads, seeded by the fold."""
        tail = copy.deepcopy(self.model.tail)
        torch.manual_seed(derive_seed(self.config.seed, "heads", number))
        channels, height = self.frozen.features.values.shape[2:4]
        tail.heads = Heads(channels, height, self.model.spec, tail.heads.of_last)
        if self.config.compile:
            tail.top.compile()
        return tail.requires_grad_(True)

    def _split_side(self, number: int, rows: np.ndarray) -> Side:
        if not self.config.validation_share:
            return Side(number, rows, rows[:0])
        training, validation = hold_out_validation(
            self.labels.indices["style"],
            self.groups,
            rows,
            self.config.validation_share,
            derive_seed(self.config.seed, "validation", number) % 2**32,
        )
        return Side(number, training, validation)

    def _fit_temperatures(self, tail: Tail, side: Side) -> dict[Task, float]:
        """From the validation part: there is no other fold to learn them from. 1 without one."""
        temperatures, rows = dict.fromkeys(self.labels.classes, 1.0), side.validation
        if len(rows) == 0:
            return temperatures
        logits, _ = self._answer(side.fold, tail, rows)
        judge = self.objective.restrict(side.training)
        for task, values in logits.items():
            labels = judge.labels[task].numpy()[rows]
            temperatures[task] = fit_temperature(values[labels >= 0], labels[labels >= 0])
        return temperatures

    def _finish(self, name: str, prefix: str, result: dict[str, Any]) -> None:
        self.processes.wait()
        if self.processes.is_main:
            self.work.save(name, result)
            for phase in ("frozen", "fine-tuning"):
                self.work.remove_piece(f"{prefix}.{phase}")
        self.processes.wait()


def _part(fold: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows that fold ``number`` scores, and rows that it may learn from."""
    return np.flatnonzero(fold == number), np.flatnonzero((fold != number) & (fold != LEFT_OUT))


def _view(result: dict[str, Any], fold: np.ndarray, number: int) -> FoldView:
    held_out, others = _part(fold, number)
    return FoldView(
        held_out=held_out,
        training=others,
        held_out_embeddings=result["held_out_embeddings"].numpy(),
        training_embeddings=result["training_embeddings"].numpy(),
    )


def _name(number: int) -> str:
    """What the pieces of fold ``number`` are filed under."""
    return "published" if number == PUBLISHED else f"fold-{number}"
