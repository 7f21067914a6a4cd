"""What each file of a run holds: the contract between the trainer and the dashboard.

Sizes are named: ``N`` paintings, ``D`` embedding dimensions, ``k`` neighbours, ``E`` epochs,
``K:<task>`` classes of a task. Row *i* of every ``N``-long array or table is row *i* of
``paintings``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.tasks import TASKS, Task

SCHEMA_VERSION: Final = 1


@dataclass(frozen=True)
class Column:
    """One column of a table: its pandas dtype and what it means, with range and direction."""

    dtype: str
    meaning: str


@dataclass(frozen=True)
class TableSpec:
    """A parquet table. ``rows`` is the size its length must equal; None where it is free."""

    columns: dict[str, Column]
    rows: str | None


@dataclass(frozen=True)
class ArraySpec:
    """A ``.npy`` array: dtype and the named size of each axis (or a fixed number)."""

    dtype: str
    shape: tuple[str | int, ...]


PAINTINGS: Final = TableSpec(
    {
        "key": Column("str", "stable across runs: the collection's own path or id"),
        "title": Column("str", "as the source gives it"),
        "artist": Column("str", "as a person reads it; null when unknown"),
        "year": Column("Int16", "of completion; null when unknown"),
        "given_style": Column("str", "the collection's label; null when it gives none"),
        "given_artist": Column("str", "the collection's label; null when it gives none"),
        "given_genre": Column("str", "the collection's label; null when it gives none"),
        "width": Column("int32", "pixels of the original"),
        "height": Column("int32", "pixels of the original"),
        "fold": Column("int8", "that scored it, 0 up; -1: not scored; -2: nor learned from"),
        "group": Column("int32", "a fold never trains on the group of a painting that it scores"),
        "split": Column("str", "official split: train, val or null"),
        "image": Column("str", "path inside the image store"),
        "content_hash": Column("str", "sha256 of the source file"),
    },
    rows="N",
)

PREDICTIONS: Final = TableSpec(
    {
        "row": Column("int32", "row of the painting in paintings, 0 to N-1"),
        "task": Column("str", "style, artist or genre"),
        "given": Column("str", "the given label; null where it is missing or not learned"),
        "predicted": Column("str", "the class with the highest probability, out of fold"),
        "p_given": Column("float32", "probability of the given label, 0 to 1; null without one"),
        "confidence": Column("float32", "probability of the predicted label, 0 to 1"),
        "loss": Column("float32", "-ln p_given, 0 up; high is suspicious; null without a label"),
        "margin": Column(
            "float32", "p_given less the best other class, -1 to 1; low is suspicious"
        ),
        "entropy": Column("float32", "of the probabilities over ln K, 0 (sure) to 1 (no idea)"),
        "rank": Column("Int32", "of the given label among the classes, 1 is predicted; or null"),
        "loss_uncalibrated": Column("float32", "loss before temperature scaling"),
        "confidence_uncalibrated": Column("float32", "confidence before temperature scaling"),
    },
    rows=None,
)

FINDINGS: Final = TableSpec(
    {
        "quadrant": Column(
            "str", "genuine outlier, hard example, typical, uncertain but right, or unlabelled"
        ),
        "score": Column("float32", "ranking score, 0 to 1; high is suspicious"),
        "duplicate_group": Column("int32", "paintings with the same picture share it; -1: none"),
        "reason": Column("str", "the sentence a curator reads first"),
    },
    rows="N",
)

HISTORY: Final = TableSpec(
    {
        "fold": Column("int8", "0 up; -1 is the published model"),
        "phase": Column("str", "frozen or fine-tuning"),
        "epoch": Column("int16", "1 up, within the phase"),
        "train_loss": Column("float32", "combined, 0 up; lower is better"),
        "validation_loss": Column("float32", "combined, 0 up; lower is better; null without one"),
        "validation_accuracy": Column("float32", "of style, 0 to 1; null without validation"),
        "learning_rate": Column("float32", "of the heads at the end of the epoch"),
        "seconds": Column("float32", "wall time of the epoch"),
    },
    rows=None,
)

TABLES: Final[dict[str, TableSpec]] = {
    "paintings.parquet": PAINTINGS,
    "predictions.parquet": PREDICTIONS,
    "findings.parquet": FINDINGS,
    "history.parquet": HISTORY,
}

ARRAYS: Final[dict[str, ArraySpec]] = {
    "embeddings.npy": ArraySpec("float16", ("N", "D")),
    "neighbours.npy": ArraySpec("int32", ("N", "k")),
    "similarities.npy": ArraySpec("float16", ("N", "k")),
    "map.npy": ArraySpec("float32", ("N", 2)),
    "dynamics.npy": ArraySpec("float16", ("N", "E")),
    **{f"probabilities_{task}.npy": ArraySpec("float16", ("N", f"K:{task}")) for task in TASKS},
}

OTHER_FILES: Final[tuple[str, ...]] = (
    "metrics.json",
    "quarantine.csv",
    "model.json",
    "model.safetensors",
    "backbone.onnx",
    "head.onnx",
)


def expected_files(tasks: tuple[Task, ...]) -> tuple[str, ...]:
    """Names of every file of a run that answers ``tasks``, the manifest aside."""
    probabilities = {f"probabilities_{task}.npy" for task in TASKS if task not in tasks}
    return (*TABLES, *(name for name in ARRAYS if name not in probabilities), *OTHER_FILES)
