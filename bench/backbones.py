"""Which of timm's backbones the trainer can stand on: one of each of timm's modules.

python -m bench.backbones [--size 160] [--modules swin_transformer eva]

Of each module the smallest of a few, with random weights, is built, cut where its family says, and
shown two pictures. Prints a row a module: cut in two, tuned whole, or refused, and why.
"""

from __future__ import annotations

import argparse
import warnings
from collections import defaultdict

import timm
import torch
from timm.models import model_entrypoint

from core.errors import UserError
from core.training.backbone import Backbone, Whole
from core.training.families import find_family, fit_size
from core.training.weights import load_backbone

SMALL = ("atto", "femto", "pico", "nano", "xxs", "_xs", "tiny", "_t", "small", "_s", "18", "b0")
CANDIDATES = 4


def main() -> None:
    warnings.simplefilter("ignore")  # timm's own
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=160)
    parser.add_argument("--modules", nargs="*")
    arguments = parser.parse_args()
    print("| module | backbone | px | how | frozen part gives | feature map |")
    print("|---|---|---|---|---|---|")
    for module, names in sorted(list_modules().items()):
        if arguments.modules is None or module in arguments.modules:
            print(
                f"| {module} | {' | '.join(try_one(choose(names), arguments.size))} |", flush=True
            )


def list_modules() -> dict[str, list[str]]:
    modules: dict[str, list[str]] = defaultdict(list)
    for name in timm.list_models():
        if not name.startswith("test_"):
            modules[model_entrypoint(name).__module__.rpartition(".")[2]].append(name)
    return modules


def choose(names: list[str]) -> str:
    """The one with the fewest parameters, of those whose names promise few."""

    def promise(name: str) -> tuple[int, int]:
        return next((i for i, part in enumerate(SMALL) if part in name), len(SMALL)), len(name)

    return min(sorted(names, key=promise)[:CANDIDATES], key=count_parameters)


def count_parameters(name: str) -> float:
    try:
        with torch.device("meta"):
            model = timm.create_model(name, pretrained=False, num_classes=0)
    except (RuntimeError, NotImplementedError):
        return float("inf")
    return sum(values.numel() for values in model.parameters())


def try_one(name: str, asked: int) -> tuple[str, ...]:
    """Cells of the row."""
    size = fit_size(name, asked)
    try:
        model = load_backbone(name, size, pretrained=False)
        backbone = Backbone(model, find_family(name).trainable_blocks, size).eval()
    except UserError as error:
        return name, str(size), f"refused: {error}", "", ""
    pictures = torch.randint(0, 256, (2, size, size, 3), dtype=torch.uint8)
    with torch.inference_mode():
        stem = backbone.stem(pictures)
        features = backbone.top(stem)
    how = "whole" if any(isinstance(layer, Whole) for layer in backbone.modules()) else "cut"
    return name, str(size), how, str(tuple(stem.shape[1:])), str(tuple(features.shape[1:]))


if __name__ == "__main__":
    main()
