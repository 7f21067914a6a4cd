"""Do our explanations find what moves the model? Deletion and insertion, beside Grad-CAM.

python -m bench.explanation RUN [--paintings 200] [--seed 0]

For each painting the answer's class is explained by showing cells alone, as the page does
(``core.classify.explanation``), by captum's Grad-CAM on the same model and feature map, and by
chance. Then the picture's pixels are replaced by its mean colour, those first that the map calls
most important (deletion: a low area under the probability of the class is good), and restored in a
blurred picture in the same order (insertion: a high area is good). Source: Petsiuk et al., "RISE",
BMVC 2018. Both are measured with the run's exported graphs; all maps are enlarged in the same way.
Intervals are 95 %, bootstrapped over paintings.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from captum.attr import LayerGradCam
from PIL import Image, ImageFilter
from rich.console import Console
from rich.table import Table

from core.artifacts import Run, open_run
from core.classify import Classifier
from core.classify.session import ModelSession
from core.images.pixels import compute_square
from core.training.model import load_model

STEPS = 10  # of the curves
RESAMPLES = 10_000
Explain = Callable[[np.ndarray, int], np.ndarray]  # pixels (S, S, 3), class -> cells (H, W)


def main() -> None:
    arguments = _parse()
    run = open_run(arguments.run)
    rng = np.random.default_rng(arguments.seed)
    rows = rng.choice(len(run), min(arguments.paintings, len(run)), replace=False)
    session = ModelSession(run)
    methods = {
        "ours": explain_by_showing(Classifier(run)),
        "Grad-CAM": explain_by_gradient(run),
        "chance": lambda _, __: rng.random((8, 8), dtype=np.float32),
    }
    areas = {name: np.empty((len(rows), 2)) for name in methods}
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    for place, row in enumerate(rows):
        pixels = compute_square(run.load_image(row), run.manifest.image_size)
        answer = session.answer(session.compute_features(pixels[None])).logits["style"][0]
        for name, explain in methods.items():
            start = time.perf_counter()
            cells = explain(pixels, int(answer.argmax()))
            seconds[name].append(time.perf_counter() - start)
            areas[name][place] = compute_areas(session, pixels, cells, int(answer.argmax()))
    Console(width=120).print(build_table(areas, seconds, rng))


def explain_by_showing(classifier: Classifier) -> Explain:
    return lambda pixels, chosen: classifier.explain(pixels).cells["style"][..., chosen]


def explain_by_gradient(run: Run) -> Explain:
    """captum's Grad-CAM of the style logit at the feature map that the head reads."""
    model = load_model(run.folder / "model.json", run.folder / "model.safetensors")
    grad_cam = LayerGradCam(lambda image: model(image)[0]["style"], model.tail.top)

    def explain(pixels: np.ndarray, chosen: int) -> np.ndarray:
        cells = grad_cam.attribute(torch.from_numpy(pixels[None]), target=chosen)
        return cells[0, 0].detach().numpy()

    return explain


def compute_areas(
    session: ModelSession, pixels: np.ndarray, cells: np.ndarray, chosen: int
) -> tuple[float, float]:
    """Areas under deletion and insertion, of the probability of style ``chosen``, 0 to 1."""
    order = np.argsort(-enlarge(cells, len(pixels)), axis=None, kind="stable")
    rank = np.empty(order.size)
    rank[order] = np.arange(order.size) / order.size
    blurred = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(len(pixels) / 20))
    mean = np.broadcast_to(pixels.mean(axis=(0, 1)).round().astype(np.uint8), pixels.shape)
    shares = np.linspace(0, 1, STEPS + 1)[:, None, None, None]
    first = rank.reshape(1, *pixels.shape[:2], 1) < shares  # the most important share of pixels
    curves = [
        session.answer(session.compute_features(mixed)).probabilities["style"][:, chosen]
        for mixed in (np.where(first, mean, pixels), np.where(first, pixels, np.asarray(blurred)))
    ]
    deletion, insertion = (float(np.trapezoid(curve, dx=1 / STEPS)) for curve in curves)
    return deletion, insertion


def enlarge(cells: np.ndarray, side: int) -> np.ndarray:
    """(side, side) from (H, W), smoothly, as the page shows it."""
    image = Image.fromarray(cells.astype(np.float32))
    return np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))


def build_table(
    areas: dict[str, np.ndarray], seconds: dict[str, list[float]], rng: np.random.Generator
) -> Table:
    table = Table(
        *("", "deletion, low is good", "ours less it", "insertion, high is good", "ours less it"),
        "ms, median",
        title=f"{len(areas['ours'])} paintings",
    )
    for name, each in areas.items():
        gaps = areas["ours"] - each
        cells = [
            text
            for column in (0, 1)
            for text in (
                f"{each[:, column].mean():.3f}",
                "" if name == "ours" else describe_gap(gaps[:, column], rng),
            )
        ]
        table.add_row(name, *cells, f"{np.median(seconds[name]) * 1e3:.0f}")
    return table


def describe_gap(gaps: np.ndarray, rng: np.random.Generator) -> str:
    """Mean and its 95 % interval."""
    means = rng.choice(gaps, (RESAMPLES, len(gaps))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{gaps.mean():+.3f} ({low:+.3f} to {high:+.3f})"


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--paintings", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
