"""A training run from a collection to a published run: the stages, in order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from core.artifacts import StageTiming
from core.collection.open import open_collection
from core.collection.table import Collection, require_labels
from core.findings.neighbours import find_neighbours
from core.images.store import ImageStore, build_store
from core.progress import Stage, stage
from core.projection import compute_map
from core.training.activations import compute_features, compute_stem_activations
from core.training.config import TrainConfig
from core.training.folds import Answers, Trainer
from core.training.labels import Labels
from core.training.model import ModelSpec, PaintingModel, build_model
from core.training.processes import Processes
from core.training.publish import Lesson, Looks, publish_run
from core.training.seeds import derive_seed
from core.training.subject import Subject, build_subject
from core.training.views import PRESETS
from core.training.work import WorkFolder


class Timer:
    """Names the stages and remembers how long each took."""

    def __init__(self) -> None:
        self.timings: list[StageTiming] = []

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        clock = Stage(name, 1, "")
        yield
        self.timings.append(StageTiming(name=name, seconds=round(clock.seconds, 2)))


def train_run(config: TrainConfig) -> Path:
    """Trains on the collection that ``config`` names and returns the published run's folder.

    Raises ``UserError`` for anything a user can mend. A killed run goes on when called again.
    """
    timer, processes = Timer(), Processes()
    with timer.measure("collection and image store"):
        collection, store = _bring_in_on_main(config, processes)
    config = config.resolve(
        has_gpu=processes.device.type == "cuda", paintings=len(collection.paintings)
    )
    with timer.measure("folds"):
        subject = build_subject(config, collection, store)
    _announce(config, subject, processes)
    work = WorkFolder(config.artifacts, asdict(config) | {"paintings": subject.fingerprint})
    model = _build(config, subject.labels)
    with timer.measure("frozen activations"):
        images = subject.paintings["image"].tolist()
        views = PRESETS[config.views]
        stem = compute_stem_activations(
            model.stem, store, images, model.spec.image_size, views, work, processes
        )
        features = compute_features(model.tail.top, stem, work, processes)
    with timer.measure("training"):
        trainer = Trainer(
            config, model, subject.labels, subject.groups, stem, features, work, processes
        )
        answers = trainer.run(subject.fold)
    if not processes.is_main:
        return config.artifacts
    looks = _look(config, answers, timer)
    lesson = Lesson(config, subject, answers, looks, processes.describe_hardware())
    folder = publish_run(lesson, model, timer.timings)
    work.remove()
    return folder


def _bring_in_on_main(config: TrainConfig, processes: Processes) -> tuple[Collection, ImageStore]:
    """The main process does the work; the others then find it done."""
    if not processes.is_main:
        processes.wait()
    collection = open_collection(config.collection)
    require_labels(collection.paintings, where=collection.name)
    store = build_store(
        collection,
        config.artifacts / "images",
        short_side=config.short_side,
        workers=config.workers,
    )
    if processes.is_main:
        processes.wait()
    return collection, store


def _announce(config: TrainConfig, subject: Subject, processes: Processes) -> None:
    classes = ", ".join(f"{len(c)} {task}s" for task, c in subject.labels.classes.items())
    hardware = processes.describe_hardware()
    lines = [
        *subject.collection.notes,
        f"{len(subject.paintings):,} paintings, {len(subject.store.quarantine):,} refused; "
        f"{classes}.",
        f"The {config.profile} profile on {hardware['device']}: {config.backbone} at "
        f"{config.image_size} px, {config.folds} folds.",
    ]
    processes.accelerator.print("\n".join(lines), file=sys.stderr)


def _build(config: TrainConfig, labels: Labels) -> PaintingModel:
    spec = ModelSpec(
        backbone=str(config.backbone),
        image_size=int(config.image_size or 0),
        trainable_blocks=config.trainable_blocks,
        columns=config.columns,
        style_head=config.style_head,
        dropout=config.dropout,
        classes=labels.classes,
    )
    return build_model(spec, pretrained=config.pretrained, weights=config.weights)


def _look(config: TrainConfig, answers: Answers, timer: Timer) -> Looks:
    """Neighbours and map, in the published model's one embedding space."""
    count = len(answers.embeddings)
    with timer.measure("neighbours"), stage("Neighbours", count) as progress:
        neighbours, similarities = find_neighbours(
            answers.embeddings, config.neighbours, progress.advance
        )
    with timer.measure("style map"), stage("Style map", count) as progress:
        positions = compute_map(answers.embeddings, derive_seed(config.seed, "map") % 2**31)
        progress.advance(count)
    return Looks(neighbours, similarities, positions)
