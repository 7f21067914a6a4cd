"""`python train.py ~/wikiart --dry-run`: what would be trained, and what that would need."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import psutil
import torch

from core.collection.open import load_options_terms
from core.collection.table import ImageReader, require_labels
from core.label_word import STYLE, LabelWord
from core.reviews.corrections import Corrections
from core.training.backbone import Maps
from core.training.config import TrainConfig
from core.training.disk import measure_free
from core.training.estimate import (
    Counts,
    Machine,
    Shapes,
    estimate_disk,
    estimate_memory,
    estimate_time,
    format_bytes,
    format_needs,
)
from core.training.judged_files import hash_judged
from core.training.labels import Labels
from core.training.model import build_model
from core.training.probe import Probe
from core.training.processes import Processes
from core.training.run import describe_model
from core.training.subject import (
    assign_scoring_folds,
    build_parts,
    learn_labels,
    plan_verdicts,
)
from core.training.views import PRESETS

PROBE_SECONDS: Final = 10.0
CHANGES_SHOWN: Final = 20
_MAPS: Final[dict[Maps, str]] = {
    "last": "the last feature map",
    "both": "the last feature map, its sequence beside a finer one",
}


def describe_dry_run(
    config: TrainConfig,
    name: str,
    paintings: pd.DataFrame,
    reader: ImageReader | None,
    word: LabelWord,
    seconds: float = PROBE_SECONDS,
) -> str:
    """Tables of memory, disk and time for the collection ``name``; "" in processes beside the main
    one.

    ``reader`` finds the pictures, None where there are none yet: those that were judged tell which
    paintings were renamed. ``seconds`` are spent on measuring this machine. Nothing is written or
    fetched. Raises ``UserError`` for a collection that cannot be trained on.
    """
    processes = Processes(config.device)
    if not processes.is_main:
        return ""
    require_labels(paintings, where=name, word=word)
    if reader is not None and config.verdicts is not None:
        paintings = hash_judged(paintings, reader, config.verdicts)
    terms = load_options_terms(config.collection)
    corrections = plan_verdicts(config, paintings, word, terms.vocabulary if terms else None)
    if corrections is not None:
        paintings = corrections.relabel(paintings)
    has_gpu = processes.device.type == "cuda"
    asked, config = config, config.resolve(has_gpu=has_gpu, paintings=len(paintings))
    labels = learn_labels(config, paintings, corrections, word)
    # copies are found later, in the pictures
    parted = build_parts(paintings, labels, np.arange(len(paintings)))
    assign_scoring_folds(config, paintings, parted)
    machine = _describe_machine(config, processes)
    model = build_model(
        describe_model(config, labels), pretrained=False, drop_path=config.drop_path or 0.0
    )
    config = replace(config, maps=model.spec.maps)
    rates, shapes = Probe(config, model, labels, processes, seconds).run()
    counts = _count(config, paintings, labels)
    main, gpu = estimate_memory(config, counts, shapes, machine)
    parts = [
        _describe(name, config, counts, labels, machine),
        config.describe_size(asked) or "",
        describe_corrections(corrections, word) if corrections is not None else "",
        format_needs("Main memory", main, machine.memory),
        format_needs("GPU memory", gpu, machine.gpu_memory or 0) if gpu else "",
        format_needs("Disk", estimate_disk(config, counts, shapes), machine.disk),
        _describe_reading(counts, shapes, machine),
        format_needs(
            "Time, with no fold stopped early",
            estimate_time(config, counts, rates, machine, word),
            None,
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def describe_corrections(corrections: Corrections, word: LabelWord = STYLE) -> str:
    """What the verdicts would change: counts, then each label."""
    table = corrections.table
    changed = table[table["action"].isin(("relabel", "drop", "downweight"))]
    lines = [
        f"  {row['key']}: {word.name(row['task'])} {row['given']} -> "
        f"{row['proposed'] if row['action'] == 'relabel' else row['action']}"
        for row in changed.head(CHANGES_SHOWN).to_dict("records")
    ]
    if (more := len(changed) - len(lines)) > 0:
        lines.append(f"  and {more:,} more")
    return "\n".join([*corrections.describe(), *lines])


def _count(config: TrainConfig, paintings: pd.DataFrame, labels: Labels) -> Counts:
    total, folds = len(paintings), config.folds
    scored = total / folds
    if config.split == "official":
        folds, scored = 1, int((paintings["split"] == "val").sum())
    side = total - scored
    validation = round(side * (config.validation_share or 0))
    return Counts(
        paintings=total,
        folds=folds,
        training=round(side) - validation,
        validation=validation,
        scored=round(scored),
        classes=sum(len(names) for names in labels.classes.values()),
        views=len(PRESETS[config.views]),
    )


def _describe_machine(config: TrainConfig, processes: Processes) -> Machine:
    is_gpu = processes.device.type == "cuda"
    return Machine(
        device=processes.describe_hardware()["device"],
        cpus=config.workers or psutil.cpu_count() or 1,
        processes=processes.count,
        memory=psutil.virtual_memory().available,
        base=psutil.Process().memory_info().rss,
        gpu_memory=torch.cuda.mem_get_info(processes.device)[0] if is_gpu else None,
        disk=measure_free(config.artifacts),
    )


def _describe(
    name: str,
    config: TrainConfig,
    counts: Counts,
    labels: Labels,
    machine: Machine,
) -> str:
    classes = [labels.word.count(len(names), task) for task, names in labels.classes.items()]
    folds = f"{counts.folds} (by {config.group_by})" if config.split == "folds" else "official"
    cpus = f"{machine.cpus} CPU{'s' if machine.cpus > 1 else ''}"
    lines = {
        "Collection": f"{name}: {counts.paintings:,} paintings",
        "Classes": f"{', '.join(classes)} (artists with {config.min_artist_works} works or more)",
        "Folds": f"{folds}; each learns from {counts.training:,}, stops by "
        f"{counts.validation:,}, scores {counts.scored:,}; then all for the published model",
        "Model": f"{config.backbone} at {config.image_size} px, {counts.views} views, batches of "
        f"{config.batch_size}; {_MAPS[config.maps]}",
        "Epochs": f"{config.frozen_epochs} frozen, {config.tuning_epochs} fine-tuning, at most",
        "Machine": f"{machine.device}, {cpus}, {machine.processes} process"
        f"{'es' if machine.processes > 1 else ''}",
    }
    facts = [f"{title:<12}{text}" for title, text in lines.items()]
    return "\n".join(["Dry run: nothing was trained, nothing was kept.", "", *facts])


def _describe_reading(counts: Counts, shapes: Shapes, machine: Machine) -> str:
    """Activations in memory are read many times faster than from disk."""
    values = max(shapes.stem, shapes.features) * counts.paintings * counts.views * 2
    if values < machine.memory:
        return ""
    return (
        f"A phase reads up to {format_bytes(values)} of activations an epoch, more than the "
        f"{format_bytes(machine.memory)} of\nfree memory can keep: training then waits for the "
        "disk, and takes longer than said below."
    )
