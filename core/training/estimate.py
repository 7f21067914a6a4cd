"""What a run will need, computed from counts, shapes and speeds; nothing is measured here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.findings.cells import count_compared
from core.findings.neighbours import INDEX_FROM
from core.label_word import STYLE, LabelWord
from core.text import format_seconds
from core.training.config import TrainConfig
from core.training.model import EMBEDDING_WIDTH

STORED_BYTES: Final = 60_000  # of a typical stored picture of 384 px
MAP_SECONDS: Final = 50 / 81_444  # a painting: measured, on one thread
MAP_BYTES: Final = 12_000  # a painting: measured
EXPORT_SECONDS: Final = 40.0
EMBEDDING_BYTES: Final = EMBEDDING_WIDTH * 4
FOLD_BYTES: Final = EMBEDDING_WIDTH * 2  # an embedding of a painting in a fold
THUMBNAIL_BYTES: Final = 64 * 64 * 3
FINDINGS_SECONDS: Final = 40 / 81_444  # a painting, the search for neighbours aside: measured
FLOAT: Final = 4
HALF: Final = 2


@dataclass(frozen=True)
class Counts:
    """Paintings in all, and in each of ``folds`` folds; ``classes`` of all tasks together."""

    paintings: int
    folds: int
    training: int
    validation: int
    scored: int
    classes: int
    views: int


@dataclass(frozen=True)
class Shapes:
    """Values of one view of one painting, and of the model.

    ``stem``, ``features``: numbers kept of it, 0 of a stem that is not cached. ``kept``:
    bytes that a training step holds of it. ``learning``: parameters that the last phase trains.
    ``frozen``: the others.
    """

    stem: int
    features: int
    kept: int
    learning: int
    frozen: int


@dataclass(frozen=True)
class Rates:
    """Paintings a second: ``store`` and ``read`` on one CPU, the rest on one process's device.

    ``neighbours``: pairs a second.
    """

    store: float
    read: float
    stem: float
    top: float
    frozen: float
    fine_tuning: float
    scoring: float
    neighbours: float


@dataclass(frozen=True)
class Machine:
    """Free bytes, CPUs and processes. ``gpu_memory`` is None without a GPU."""

    device: str
    cpus: int
    processes: int
    memory: int
    base: int  # main memory that a process holds before there is any data
    gpu_memory: int | None
    disk: int


@dataclass(frozen=True)
class Need:
    """One line of a table: ``amount`` in seconds or bytes."""

    name: str
    amount: float


def estimate_time(
    config: TrainConfig,
    counts: Counts,
    rates: Rates,
    machine: Machine,
    word: LabelWord = STYLE,
) -> list[Need]:
    """Seconds of each stage, with no stop before the last epoch."""
    images = counts.paintings * counts.views
    many = machine.processes
    reading = counts.paintings / (rates.read * machine.cpus)
    frozen, tuning = config.frozen_epochs or 0, config.tuning_epochs or 0
    learned = counts.folds * counts.training + counts.paintings  # the published model learns all
    checked = counts.folds * counts.validation
    epochs = frozen * (learned / rates.frozen + checked / rates.frozen)
    if tuning:
        epochs += tuning * (learned / rates.fine_tuning + checked / rates.scoring)
    if tuning and config.views == "online":  # every picture is read again at every step
        seeing = many / (rates.read * machine.cpus) + 1 / rates.stem
        epochs += tuning * (learned + checked) * seeing
    neighbours = _count_pairs(counts.paintings, counts.paintings) / rates.neighbours
    seen = counts.training + counts.validation
    answers = counts.folds * (counts.scored + counts.validation + seen) + counts.paintings
    answering = rates.scoring if tuning else rates.frozen  # by the heads alone
    findings = counts.folds * _count_pairs(counts.scored, seen) / rates.neighbours
    findings += counts.paintings * FINDINGS_SECONDS
    return [
        Need("image store", counts.paintings / (rates.store * machine.cpus)),
        Need("frozen activations", reading + images * (1 / rates.stem + 1 / rates.top) / many),
        Need("copies by sight", reading + neighbours),
        Need("training", (epochs + answers / answering) / many),
        Need("neighbours", neighbours),
        Need(f"{word.singular} map", counts.paintings * MAP_SECONDS),
        Need("findings", findings),
        Need("export and check", EXPORT_SECONDS),
    ]


def _count_pairs(queries: int, vectors: int) -> float:
    """Comparisons of whole embeddings that a search for neighbours comes to."""
    if vectors < INDEX_FROM:
        return float(queries) * vectors
    return queries * count_compared(vectors, EMBEDDING_WIDTH)


def estimate_disk(config: TrainConfig, counts: Counts, shapes: Shapes) -> list[Need]:
    """Bytes that stay, and bytes that are removed when the run is published."""
    images = counts.paintings * counts.views
    stem = Need("until published: stem activations", images * shapes.stem * HALF)
    parameters = shapes.learning + shapes.frozen
    row = EMBEDDING_BYTES / 2 + HALF * counts.classes + 8 * config.neighbours + 1000
    return [
        Need("image store", counts.paintings * STORED_BYTES * (config.short_side / 384) ** 2),
        Need("run", counts.paintings * row + 2 * FLOAT * parameters),
        *([stem] if shapes.stem else []),
        Need("until published: feature maps", images * shapes.features * HALF),
        Need("until published: thumbnails", counts.paintings * THUMBNAIL_BYTES),
        Need("until published: checkpoints", 12 * FLOAT * shapes.learning),
        Need(
            "until published: the folds' embeddings", counts.folds * counts.paintings * FOLD_BYTES
        ),
    ]


def estimate_memory(
    config: TrainConfig, counts: Counts, shapes: Shapes, machine: Machine
) -> tuple[list[Need], list[Need]]:
    """Bytes at the peak of the main process: in main memory, and in the GPU's (none without)."""
    batch = -(-(config.batch_size or 1) // machine.processes)
    # weights, gradients, two moments, the average and the best of it
    training = Need(
        "model and training step",
        6 * FLOAT * shapes.learning + FLOAT * shapes.frozen + batch * shapes.kept,
    )
    tables = Need(
        "tables of answers",
        counts.paintings * (4 * 8 * counts.classes + 3 * EMBEDDING_BYTES + MAP_BYTES),
    )
    views = Need(
        "thumbnails, the folds' embeddings",
        counts.paintings * (THUMBNAIL_BYTES + counts.folds * FOLD_BYTES),
    )
    base = Need("the program", machine.base)
    if machine.gpu_memory is None:
        return [base, training, tables, views], []
    return [base, tables, views], [training]


def format_needs(title: str, needs: list[Need], available: float | None) -> str:
    """A table with its sum; ``available`` bytes beside the sum, None for a table of seconds."""
    show = format_seconds if available is None else format_bytes
    lines = [title, *(f"  {need.name:<38}{show(need.amount):>14}" for need in needs)]
    total = sum(need.amount for need in needs)
    line = f"  {'in all':<38}{show(total):>14}"
    if available is not None:
        line += f"   of {format_bytes(available)} free"
        if total > available:
            line += ": NOT ENOUGH"
    return "\n".join([*lines, line])


def format_bytes(count: float) -> str:
    """``81_444_000_000`` -> ``"81.4 GB"``."""
    if count < 1e8:
        return f"{count / 1e6:.1f} MB"
    return f"{count / 1e9:.1f} GB"
