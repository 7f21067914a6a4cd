"""Writes what was learned as a run: tables, arrays, the model, and the manifest last."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from core.artifacts import CollectionFacts, Manifest, RunDraft, StageTiming, Thresholds, draft_run
from core.artifacts.manifest import MANIFEST_NAME
from core.artifacts.schema import PAINTINGS
from core.artifacts.terms import write_terms
from core.collection.catalogue import build_cells
from core.collection.reading.attribution import find_makers
from core.findings.compute import Findings
from core.findings.labels.losses import compute_predictions
from core.findings.labels.metrics import (
    compute_artist_majority_accuracy,
    compute_metrics,
    measure_unseen,
)
from core.findings.several import widen_labels
from core.images.pixels import load_square
from core.tasks import FURTHER, Task
from core.training.accounting import account_of
from core.training.config import TrainConfig
from core.training.export import CHECKED_PAINTINGS, check_export, export_model
from core.training.folds import Answers
from core.training.model import PaintingModel, save_model
from core.training.plain import PlainAnswers
from core.training.profiles import QUICK_LOOK
from core.training.subject import Subject
from core.training.work import WorkFolder

PUBLISHED_PIECE: Final = "run"  # in the work folder: the name that the run is published under
PACKAGES: Final = (
    "accelerate",
    "numpy",
    "onnx",
    "onnxruntime",
    "pandas",
    "pillow",
    "scikit-learn",
    "timm",
    "torch",
    "umap-learn",
)


@dataclass(frozen=True)
class Looks:
    """How the published model sees the paintings beside each other.

    ``neighbours`` and ``similarities`` (N, k), ``positions`` (N, 2) on the map.
    """

    neighbours: np.ndarray
    similarities: np.ndarray
    positions: np.ndarray


@dataclass(frozen=True)
class Lesson:
    """All that a run is written from, the model aside. ``config`` is resolved."""

    config: TrainConfig
    subject: Subject
    answers: Answers
    unseen: PlainAnswers | None
    looks: Looks
    findings: Findings
    hardware: dict[str, str]

    @property
    def scored(self) -> np.ndarray:
        """Rows with out-of-fold answers."""
        return np.flatnonzero(self.subject.fold >= 0)


def publish_run(
    lesson: Lesson, model: PaintingModel, timings: list[StageTiming], work: WorkFolder
) -> Path:
    """Writes, checks and publishes the run; returns its folder.

    Raises ``ExportError``, and publishes nothing, when the exported graphs differ from the model.
    """
    artifacts, created = lesson.config.artifacts, datetime.now(UTC)
    name = lesson.config.name or lesson.subject.collection.name
    run_id = f"{_slug(name)}-{created:%Y%m%d-%H%M%S}"
    work.save(PUBLISHED_PIECE, {"run_id": run_id})
    with draft_run(artifacts, run_id, work.path / "draft") as draft:
        _save_model(draft, lesson, model)
        _save_looks(draft, lesson)
        _save_answers(draft, lesson)
        _save_findings(draft, lesson.findings)
        draft.finish(_describe(lesson, name, run_id, created, timings, draft))
    return artifacts / run_id


def find_published(artifacts: Path, work: WorkFolder) -> Path | None:
    """The run that was published from ``work`` just before a kill; None when there is none."""
    piece = work.load(PUBLISHED_PIECE)
    folder = artifacts / piece["run_id"] if piece else None
    return folder if folder is not None and (folder / MANIFEST_NAME).exists() else None


def _save_model(draft: RunDraft, lesson: Lesson, model: PaintingModel) -> None:
    temperatures = {task: each[-1] for task, each in lesson.answers.temperatures.items()}
    save_model(model, draft.path_for("model.json"), draft.path_for("model.safetensors"))
    export_model(model, temperatures, draft.folder)
    check_export(model, temperatures, _sample_pixels(lesson, model.spec.image_size), draft.folder)
    for name in ("model.json", "model.safetensors", "backbone.onnx", "head.onnx"):
        draft.record(name)


def _sample_pixels(lesson: Lesson, size: int) -> Iterator[np.ndarray]:
    """Pixels of up to ``CHECKED_PAINTINGS`` paintings, spread over the collection, in blocks."""
    images = lesson.subject.paintings["image"].to_numpy()
    step = max(1, len(images) // CHECKED_PAINTINGS)
    chosen = images[::step][:CHECKED_PAINTINGS]
    for block in np.array_split(chosen, -(-len(chosen) // 50)):
        yield np.stack([load_square(lesson.subject.store.read(image), size) for image in block])


def _save_looks(draft: RunDraft, lesson: Lesson) -> None:
    draft.save_array("embeddings.npy", lesson.answers.embeddings)
    draft.save_array("dynamics.npy", np.nan_to_num(lesson.answers.dynamics))
    draft.save_array("texture.npy", lesson.answers.texture)
    if lesson.answers.content is not None:
        draft.save_array("content.npy", lesson.answers.content)
    draft.save_array("neighbours.npy", lesson.looks.neighbours)
    draft.save_array("similarities.npy", lesson.looks.similarities)
    draft.save_array("map.npy", lesson.looks.positions)


def _predict(lesson: Lesson, task: Task) -> pd.DataFrame:
    """Rows of predictions.parquet: the scored paintings."""
    rows, answers, labels = lesson.scored, lesson.answers, lesson.subject.labels
    further = widen_labels(
        answers.judged[task], labels.further.get(task), lesson.subject.find_broader(task)
    )
    scores = compute_predictions(
        answers.probabilities[task][rows],
        answers.uncalibrated[task][rows],
        answers.judged[task][rows],
        labels.classes[task],
        None if further is None else further[rows],
    )
    return scores.assign(row=rows, task=task)


def _save_answers(draft: RunDraft, lesson: Lesson) -> None:
    subject = lesson.subject
    table = subject.paintings.assign(fold=subject.fold, group=subject.groups)
    if FURTHER not in table:
        table[FURTHER] = pd.Series(None, index=table.index, dtype="object")
    draft.save_table("paintings.parquet", table[list(PAINTINGS.columns)])
    for task, probabilities in lesson.answers.probabilities.items():
        draft.save_array(f"probabilities_{task}.npy", probabilities)
    if lesson.unseen is not None:
        draft.save_array("probabilities_style_unseen.npy", lesson.unseen.probabilities)
    predictions = [_predict(lesson, task) for task in subject.labels.classes]
    draft.save_table("predictions.parquet", pd.concat(predictions, ignore_index=True))
    draft.save_table("history.parquet", lesson.answers.history)
    draft.save_json("metrics.json", _measure(lesson))
    draft.save_csv("quarantine.csv", subject.store.quarantine)
    draft.save_table("account.parquet", account_of(subject.collection, subject.store).table())
    own = subject.collection
    cells = build_cells(own.paintings, own.catalogue, subject.paintings["key"])
    draft.save_table("catalogue.parquet", cells)
    if own.vocabulary is not None:
        draft.save_table("vocabulary.parquet", write_terms(own.vocabulary))


def _measure(lesson: Lesson) -> dict[str, Any]:
    metrics: dict[str, Any] = {}
    subject, answers = lesson.subject, lesson.answers
    for task, classes in subject.labels.classes.items():
        labels = answers.judged[task]
        rows = np.flatnonzero(labels >= 0)
        metrics[task] = compute_metrics(
            answers.probabilities[task][rows],
            answers.uncalibrated[task][rows],
            labels[rows],
            classes,
        )
        if task == "style":
            given = subject.labels.indices[task]
            rows = np.flatnonzero(given >= 0)
            metrics["artist_majority_accuracy"] = compute_artist_majority_accuracy(
                find_makers(subject.artists.iloc[rows]), given[rows], subject.fold[rows]
            )
    if lesson.unseen is not None:
        metrics["artists_unseen"] = measure_unseen(
            lesson.unseen.probabilities, lesson.unseen.uncalibrated, lesson.unseen.judged
        )
    return metrics


def _save_findings(draft: RunDraft, findings: Findings) -> None:
    draft.save_table("findings.parquet", findings.table)
    draft.save_table("reasons.parquet", findings.reasons)
    draft.save_table("cases.parquet", findings.cases)
    draft.save_table("pairs.parquet", findings.pairs)
    draft.save_table("style_years.parquet", findings.style_years)
    draft.save_array("counted_neighbours.npy", findings.counted)


def _save_corrections(draft: RunDraft, lesson: Lesson) -> dict[str, Any] | None:
    """What verdicts changed, label by label, and the manifest's account of it."""
    corrections = lesson.subject.corrections
    if corrections is None:
        return None
    table, vocabulary = corrections.table.drop(columns="row"), lesson.subject.collection.vocabulary
    if vocabulary is not None:
        uris = table["proposed"].map(vocabulary.find_uri, na_action="ignore")
        table["uri"] = uris.where(table["task"] == "style").astype("str")
    draft.save_csv("corrections.csv", table)
    return {"source": str(lesson.config.verdicts), **corrections.summarise()}


def _describe(
    lesson: Lesson,
    name: str,
    run_id: str,
    created: datetime,
    timings: list[StageTiming],
    draft: RunDraft,
) -> Manifest:
    subject, config = lesson.subject, lesson.config
    verdicts = _save_corrections(draft, lesson)
    catalogue = subject.collection.catalogue
    return Manifest(
        run_id=run_id,
        created=created,
        collection=CollectionFacts(
            name=name,
            source=subject.collection.source,
            paintings=len(subject.paintings),
            fingerprint=subject.fingerprint,
            image_store=subject.store.path.name,
            quarantined=len(subject.store.quarantine),
            notes=(
                *(() if config.tuning_epochs else [QUICK_LOOK]),
                *subject.collection.notes,
                *lesson.answers.notes,
            ),
        ),
        classes=subject.labels.classes,
        thresholds=Thresholds(
            loss=lesson.findings.loss_line, confidence=lesson.findings.confidence_line
        ),
        temperatures=lesson.answers.temperatures,
        seed=config.seed,
        config=_as_json(asdict(config)),
        command=shlex.join(["python", "train.py", *sys.argv[1:]]),
        image_size=int(config.image_size or 0),
        packages={package: version(package) for package in PACKAGES},
        hardware=lesson.hardware,
        stages=tuple(timings),
        files=draft.files,
        catalogue=catalogue.form if catalogue is not None else None,
        verdicts=verdicts,
        word=subject.collection.word,
        family=config.family,
    )


def _as_json(config: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _as_json(value)
        if isinstance(value, dict)
        else str(value)
        if isinstance(value, Path)
        else [str(each) for each in value]
        if isinstance(value, tuple)
        else value
        for name, value in config.items()
    }


def _slug(name: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split()) or "run"
