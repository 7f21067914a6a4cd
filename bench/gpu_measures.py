"""What ``bench.gpu_check`` measures, on paintings that it makes up."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import timm
import torch
from torch.nn.modules.batchnorm import _BatchNorm

from bench.gpu_speeds import Speed, SpeedCheck, measure_moving
from bench.made_up_paintings import paint_collection
from bench.precision import compare_precisions
from bench.timm_step import time_our_model, time_whole_model
from bench.training_ground import Ground, Live
from bench.wikiart import BANDWIDTHS, CPUS, WIKIART, estimate_wikiart, scale_rates
from core.collection.open import SourceOptions, open_collection
from core.images.store import build_store
from core.progress import say
from core.training.activations import Activations
from core.training.config import TrainConfig
from core.training.model import PaintingModel, build_model
from core.training.probe import Probe
from core.training.processes import Processes
from core.training.room import measure_room
from core.training.run import describe_model
from core.training.subject import build_subject
from core.training.weights import PACKAGED
from core.training.work import WorkFolder

SETTLING: Final = 64  # pictures that random weights take their batch statistics from


def check(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The report after each of its parts: what was measured stays if the machine goes away."""
    with tempfile.TemporaryDirectory() as folder:
        ground = prepare(options, Path(folder))
        machine, model = describe_machine(ground.processes), describe_ground(ground)
        report: dict[str, Any] = {"machine": machine, "model": model}
        course = SpeedCheck(ground, options.epochs)
        speeds = []
        for speed in course.run():
            say(f"{speed.stage}: {speed.real:,.0f} images/s")
            speeds.append(speed)
        report["memory"] = measure_memory(ground, course)
        report["speeds"] = [asdict(speed) | {"ratio": speed.ratio} for speed in speeds]
        yield report
        report["wikiart"] = estimate(ground, speeds, options.seconds)
        yield report
        report["timm"] = {
            "same model": time_our_model(ground, course.placed, options.epochs),
            "whole backbone": time_whole_model(ground, options.epochs),
        }
        yield report
        report["precision"] = measure_precision(ground, course.placed, options.lessons)
        yield report


def prepare(options: argparse.Namespace, folder: Path) -> Ground:
    """Made-up paintings in a store, and the model."""
    data = paint_collection(folder / "paintings", options.paintings)
    collection, processes = open_collection(SourceOptions(data=str(data))), Processes()
    config = TrainConfig(
        collection=SourceOptions(data=str(data)),
        artifacts=folder,
        profile=options.profile,
        backbone=options.backbone,
        image_size=options.image_size,
        batch_size=options.batch_size,
        views=options.views,
        min_artist_works=2,
    ).resolve(has_gpu=processes.device.type == "cuda", paintings=options.paintings)
    subject = build_subject(
        config, collection, build_store(collection, folder / "images", workers=options.workers)
    )
    spec = describe_model(config, subject.labels)
    has_weights = options.weights is not None or spec.backbone in PACKAGED
    model = build_model(spec, pretrained=has_weights, weights=options.weights)
    ground = Ground(config, subject, model, processes, WorkFolder(folder, {}))
    if not has_weights:
        settle(model, Live(ground).read(every_nth(len(ground.images), SETTLING)))
    return ground


def every_nth(count: int, wanted: int) -> np.ndarray:
    """Up to ``wanted`` of ``count`` rows, spread evenly."""
    return np.unique(np.linspace(0, count - 1, wanted).astype(int))


def settle(model: PaintingModel, pixels: torch.Tensor) -> None:
    """Gives random weights the batch statistics of ``pixels``, as training would have done.

    Without them the activations of a deep network fade out or overflow.
    """
    layers = [module for module in model.modules() if isinstance(module, _BatchNorm)]
    for layer in layers:
        layer.reset_running_stats()
        layer.train()
        layer.momentum = 1.0
    with torch.inference_mode():
        model.tail.top(model.stem(pixels))
    model.eval()


def describe_machine(processes: Processes) -> dict[str, str]:
    versions = {"torch": torch.__version__, "timm": timm.__version__}
    cpus = {"cpus": str(os.cpu_count())}
    return {"date": f"{date.today()}"} | processes.describe_hardware() | versions | cpus


def describe_ground(ground: Ground) -> dict[str, Any]:
    config, spec = ground.config, ground.model.spec
    return {
        "backbone": spec.backbone,
        "image_size": spec.image_size,
        "batch_size": config.batch_size,
        "views": len(ground.views),
        "paintings": len(ground.images),
    }


def measure_memory(ground: Ground, course: SpeedCheck) -> dict[str, float]:
    """Bytes: room beside the training, of the whole of WikiArt; bytes a second to the device."""
    kept = sum(each.values[0].nbytes for each in (course.stem, course.features))
    return {
        "room": measure_room(ground.model, int(ground.config.batch_size or 1), ground.processes),
        "kept": kept * WIKIART.paintings,
        "moving": measure_moving(course.stem),
    }


def measure_precision(ground: Ground, placed: Activations, lessons: int) -> dict[str, Any]:
    """A model that learned from half of the paintings, asked about the others."""
    rows = np.arange(len(ground.images))
    run = ground.learn("fine-tuning", placed, lessons, rows[::2])
    precision = ground.processes.accelerator.mixed_precision
    lower = torch.float16 if precision == "fp16" else torch.bfloat16
    return compare_precisions(
        run.averaged.module,
        placed,
        rows[1::2],
        ground.subject.labels.indices,
        ground.processes,
        lower,
    )


def find_resident(speed: Speed) -> float:
    """Of a stage that runs from what the device holds as well."""
    assert speed.resident is not None, speed.stage
    return speed.resident


def estimate(ground: Ground, speeds: list[Speed], seconds: float) -> dict[str, dict[str, float]]:
    """Seconds of each stage for the whole of WikiArt: here, and on a T4 by its memory's speed.

    Wherever the activations fit beside the training, it reads them from the device.
    """
    config, labels = ground.config, ground.subject.labels
    rates, _ = Probe(config, ground.model, labels, ground.processes, seconds).run()
    here = {speed.stage: speed for speed in speeds}
    rates = replace(
        rates,
        stem=here["reading and stem, views"].real,
        top=here["frozen features, views"].real,
        frozen=find_resident(here["phase 1, cached"]),
        fine_tuning=find_resident(here["phase 2"]),
        scoring=find_resident(here["scoring"]),
    )
    name, cpus = ground.processes.describe_hardware()["device"], os.cpu_count() or 1
    tables = {name: estimate_wikiart(config, rates, name, cpus)}
    if bandwidth := find_bandwidth(name):
        slower = scale_rates(rates, BANDWIDTHS["T4"] / bandwidth)
        tables["T4, by its bandwidth"] = estimate_wikiart(config, slower, "T4", CPUS["T4"])
    return {
        machine: {need.name: need.amount for need in needs} for machine, needs in tables.items()
    }


def find_bandwidth(device: str) -> int | None:
    """GB/s of the GPU of that name; None where no data sheet is at hand."""
    known = (rate for name, rate in BANDWIDTHS.items() if name.split()[0] in device)
    return next(known, None)
