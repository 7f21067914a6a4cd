"""How fast the trainer reads and learns, and how long all of WikiArt would take.

python -m bench.training_throughput [--paintings 512] [--repeats 3] [--views crops]

First table: images a second with real files over the same with data that is in memory already.
Second: phase 1 with cached features over phase 1 that runs the backbone in every epoch. Third: all
of WikiArt on GPUs that are not available here, by timm's published figures for the same backbone
(AMP, channels last, RTX 3090: infer pt 2.4, train pt 1.12), scaled by memory bandwidth, which
bounds EfficientNets, and shared out between stem and top by their activations.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import psutil
import torch
from rich.console import Console
from rich.table import Table
from torch import nn

from bench.training_ground import Ground, Live, hold, time_work
from bench.wikiart import BANDWIDTHS, CPUS, WIKIART, estimate_wikiart
from core.collection.open import SourceOptions, open_collection
from core.images.store import build_store
from core.text import format_seconds
from core.training.activations import Activations
from core.training.config import TrainConfig
from core.training.estimate import Rates
from core.training.loop import PhaseName
from core.training.model import PaintingModel, build_model
from core.training.processes import Processes
from core.training.run import describe_model
from core.training.subject import build_subject
from core.training.views import PRESETS
from core.training.work import WorkFolder

EPOCHS = 10
PUBLISHED_INFER, PUBLISHED_TRAIN, PUBLISHED_SIZE = 2053.6, 572.2, 288  # efficientnet_b3
STEP_SECONDS = 0.005  # assumed for the heads, the optimizer and their launches, a batch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/wikiart-mini"))
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"))
    parser.add_argument("--paintings", type=int, default=512)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--views", choices=PRESETS, default=TrainConfig.views)
    arguments = parser.parse_args()
    console = Console(width=110)
    with tempfile.TemporaryDirectory() as folder:
        ground = _prepare(arguments, Path(folder))
        console.print(_build_pipeline_table(ground, arguments.repeats))
        console.print(_build_cache_table(ground, arguments.repeats))
        console.print(_build_wikiart_table(ground))


def _prepare(arguments: argparse.Namespace, folder: Path) -> Ground:
    collection = open_collection(SourceOptions(data=str(arguments.data)))
    spread = np.linspace(0, len(collection.paintings) - 1, arguments.paintings).astype(int)
    kept = collection.paintings.iloc[spread].reset_index(drop=True)
    collection = replace(collection, paintings=kept)
    processes = Processes()
    config = TrainConfig(
        collection=SourceOptions(data=str(arguments.data)),
        artifacts=arguments.artifacts,
        views=arguments.views,
        mixup=0,
    ).resolve(has_gpu=processes.device.type == "cuda", paintings=len(kept))
    store = build_store(collection, config.artifacts / "images", short_side=config.short_side)
    subject = build_subject(config, collection, store)
    model = build_model(describe_model(config, subject.labels))
    return Ground(config, subject, model, processes, WorkFolder(folder, {}))


def _build_pipeline_table(ground: Ground, repeats: int) -> Table:
    """Real files against data in memory, alternating."""
    count, views = len(ground.images), len(ground.views)
    stem, features = _fill(ground, "warm")
    resident = {
        "frozen": hold(features),
        "fine-tuning": hold(stem),
    }
    pixels = torch.randint(
        0, 256, (256, *[ground.model.spec.image_size] * 2, 3), dtype=torch.uint8
    ).to(ground.processes.device)
    pairs: dict[str, tuple[Callable[[int], object], Callable[[int], object], int]] = {
        "reading and stem": (
            lambda turn: ground.fill_stem(f"read-{turn}"),
            lambda turn: ground.run_stem(pixels, count),
            count * views,
        ),
        "phase 1, an epoch": (
            lambda turn: _learn(ground, "frozen", features, 1),
            lambda turn: _learn(ground, "frozen", resident["frozen"], 1),
            count,
        ),
        "phase 2, an epoch": (
            lambda turn: _learn(ground, "fine-tuning", stem, 1),
            lambda turn: _learn(ground, "fine-tuning", resident["fine-tuning"], 1),
            count,
        ),
    }
    table = Table(title=f"Input pipeline, {ground.model.spec.backbone}, {_describe_memory()}")
    for column in ("stage", "real files, images/s", "in memory, images/s", "ratio"):
        table.add_column(column)
    for name, (real, synthetic, images) in pairs.items():
        times = [(_time(real, turn), _time(synthetic, turn)) for turn in range(repeats)]
        real_rate = images / median(each for each, _ in times)
        rate = images / median(each for _, each in times)
        ratio = median(other / each for each, other in times)
        table.add_row(name, f"{real_rate:.0f}", f"{rate:.0f}", f"{ratio:.2f}")
    return table


def _build_cache_table(ground: Ground, repeats: int) -> Table:
    """Ten epochs of phase 1, in one fold and in a run of five folds and the published model."""
    count = len(ground.images)
    filling = median(_time(lambda turn: _fill(ground, f"cache-{turn}"), t) for t in range(repeats))
    _, features = _fill(ground, "warm")
    cached = median(
        _time(lambda turn: _learn(ground, "frozen", features, EPOCHS), turn) / EPOCHS
        for turn in range(repeats)
    )
    live = median(
        _time(lambda turn: _learn(ground, "frozen", Live(ground), 1), turn)
        for turn in range(repeats)
    )
    table = Table(
        title=f"Phase 1, {count} paintings, {EPOCHS} epochs, {len(ground.views)} "
        f"views: filling {filling:.1f} s, an epoch {cached:.2f} s cached, {live:.1f} s without"
    )
    for column in ("models", "without cache, s", "with cache, s", "times"):
        table.add_column(column)
    for name, learned in {"one": 1.0, "five folds and the published one": 5 * 0.7 + 1}.items():
        without = learned * EPOCHS * live
        with_cache = filling + learned * EPOCHS * cached
        table.add_row(name, f"{without:.0f}", f"{with_cache:.0f}", f"{without / with_cache:.1f}")
    return table


def _build_wikiart_table(ground: Ground) -> Table:
    """Estimated stages of the full profile on all of WikiArt."""
    config = replace(ground.config, profile="full", backbone=None, image_size=None).resolve(
        has_gpu=True, paintings=WIKIART.paintings
    )
    config = replace(config, batch_size=128)
    model = build_model(describe_model(config, ground.subject.labels), pretrained=False)
    stem, top = _count_activations(model)
    table = Table(title=f"WikiArt whole, {config.backbone} at {config.image_size} px, estimated")
    table.add_column("stage")
    columns = {}
    for gpu, cpus in CPUS.items():
        table.add_column(gpu)
        rates = _scale_rates(BANDWIDTHS[gpu] / BANDWIDTHS["RTX 3090"], stem, top, config)
        columns[gpu] = estimate_wikiart(config, rates, gpu, cpus)
    for lines in zip(*columns.values(), strict=True):
        table.add_row(lines[0].name, *(format_seconds(line.amount) for line in lines))
    table.add_row(
        "in all", *(format_seconds(sum(n.amount for n in needs)) for needs in columns.values())
    )
    return table


def _scale_rates(ratio: float, stem: int, top: int, config: TrainConfig) -> Rates:
    """``stem``, ``top``: activations of each. CPU rates are those of bench/LOG.md."""
    pixels = (PUBLISHED_SIZE / int(config.image_size or 0)) ** 2
    whole, batch = stem + top, int(config.batch_size or 0)
    infer = PUBLISHED_INFER * ratio * pixels * whole
    learn = PUBLISHED_TRAIN * ratio * pixels * whole
    return Rates(
        store=35,  # scans of 3000 x 2400, a core
        read=313,
        stem=infer / stem,
        top=infer / top,
        frozen=batch / STEP_SECONDS,
        fine_tuning=1 / (top / learn + STEP_SECONDS / batch),
        scoring=1 / (top / infer + STEP_SECONDS / batch),
        neighbours=81_444**2 / 91,
    )


def _count_activations(model: PaintingModel) -> tuple[int, int]:
    """Numbers that the convolutions of stem and top give for one picture."""
    counts = {"stem": 0, "top": 0}

    def count_in(part: str) -> Callable[[nn.Module, object, torch.Tensor], None]:
        def add(module: nn.Module, inputs: object, output: torch.Tensor) -> None:
            counts[part] += output[0].numel()

        return add

    for part, module in (("stem", model.stem), ("top", model.tail.top)):
        for layer in module.modules():
            if isinstance(layer, nn.Conv2d):
                layer.register_forward_hook(count_in(part))
    size = model.spec.image_size
    with torch.inference_mode():
        model.tail.top(model.stem(torch.zeros(1, size, size, 3, dtype=torch.uint8)))
    return counts["stem"], counts["top"]


def _fill(ground: Ground, name: str) -> tuple[Activations, Activations]:
    stem = ground.fill_stem(name)
    return stem, ground.fill_features(name, stem)


def _learn(ground: Ground, name: PhaseName, inputs: Activations | Live, epochs: int) -> None:
    ground.learn(name, inputs, epochs, np.arange(len(ground.images)))


def _time(work: Callable[[int], object], turn: int) -> float:
    """Seconds of one turn."""
    return time_work(lambda: work(turn))


def _describe_memory() -> str:
    resident = f"{psutil.Process().memory_info().rss / 1e9:.1f} GB of main memory"
    if not torch.cuda.is_available():
        return resident
    return f"{resident}, {torch.cuda.max_memory_allocated() / 1e9:.1f} GB of the GPU's"


if __name__ == "__main__":
    main()
