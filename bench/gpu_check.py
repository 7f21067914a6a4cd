"""What one GPU makes of the trainer: speeds, memory, answers, and what WikiArt whole would take.

    python -m bench.gpu_check --json gpu.json [--paintings 2048] [--backbone efficientnet_b3]

Paints its own JPEGs and fetches nothing: weights are those that are installed, a file's
(--weights), or random ones with batch statistics of the pictures. Takes under 8 minutes on one GPU.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from core.training.config import TrainConfig

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as train.py does, before torch is imported


def main() -> None:
    run_check(parse_options())


def run_check(options: argparse.Namespace) -> dict[str, Any]:
    """Prints each table when it is measured, and keeps the file up to date; the whole report."""
    # the processes that make the image store import this file again, and need no torch
    from rich.console import Console

    from bench.gpu_measures import check
    from bench.gpu_tables import build_table

    console, report = Console(width=110), {}
    for report in check(options):
        console.print(build_table(list(report)[-1], report))
        if options.json:
            options.json.write_text(json.dumps(report, indent=1), "utf-8")
    return report


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, help="file that every figure is written to")
    parser.add_argument("--paintings", type=int, default=2048)
    parser.add_argument("--epochs", type=int, default=3, help="timed, after one to warm up")
    parser.add_argument(
        "--lessons", type=int, default=12, help="epochs before answers are compared"
    )
    parser.add_argument("--profile", choices=("small", "full"), default="full")
    parser.add_argument("--backbone", help="instead of the profile's")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--views", choices=("whole", "flip", "crops"), default=TrainConfig.views)
    parser.add_argument("--weights", type=Path, help="file of the backbone's")
    parser.add_argument("--workers", type=int, help="processes that make the image store")
    parser.add_argument("--seconds", type=float, default=10, help="for the probe of the machine")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
