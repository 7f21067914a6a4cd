"""Do int8 weights give the same answers, faster? ONNX Runtime's quantisation on a real run.

python -m bench.quantisation RUN [--paintings 300] [--seed 0]

Static: the backbone with eight-bit weights (per channel) and activations, ranges taken from 100
other paintings. Dynamic: the head's matrices alone. Printed are the share of paintings whose style
stays the same, the largest change of any probability, and the time of one forward pass.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from rich.console import Console
from rich.table import Table

from core.artifacts import Run, open_run
from core.classify.session import compute_softmax
from core.images.pixels import compute_square

CALIBRATED_ON, TIMED = 100, 60
BACKBONE, HEAD = "backbone.onnx", "head.onnx"


class Pixels(CalibrationDataReader):
    """Paintings to take the ranges of activations from."""

    def __init__(self, pixels: np.ndarray) -> None:
        self._rest = iter(pixels)

    def get_next(self) -> dict[str, np.ndarray] | None:
        pixels = next(self._rest, None)
        return None if pixels is None else {"image": pixels[None]}


def main() -> None:
    arguments = _parse()
    run = open_run(arguments.run)
    rng = np.random.default_rng(arguments.seed)
    rows = rng.permutation(len(run))[: CALIBRATED_ON + arguments.paintings]
    pixels = np.stack([_read(run, row) for row in rows])
    ranges, asked = pixels[:CALIBRATED_ON], pixels[CALIBRATED_ON:]
    table = Table(
        *("", "same style", "largest change of a probability", "median ms", "p95 ms", "MB"),
        title=f"{len(asked)} paintings of {run.run_id}",
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quantise(run.folder, folder, ranges)
        expected = None
        for label, backbone, head in (
            ("as published", run.folder / BACKBONE, run.folder / HEAD),
            ("backbone static", folder / BACKBONE, run.folder / HEAD),
            ("head dynamic", run.folder / BACKBONE, folder / HEAD),
        ):
            found, taken = answer_all(backbone, head, asked)
            expected = found if expected is None else expected
            same = (found.argmax(axis=1) == expected.argmax(axis=1)).mean()
            size = (backbone.stat().st_size + head.stat().st_size) / 1e6
            middle, high = np.percentile(taken, (50, 95))
            gap = np.abs(found - expected).max()
            table.add_row(
                label, f"{same:.1%}", f"{gap:.4f}", f"{middle:.1f}", f"{high:.1f}", f"{size:.0f}"
            )
    Console(width=120).print(table)


def quantise(source: Path, target: Path, ranges: np.ndarray) -> None:
    """Writes both graphs in eight bits."""
    quant_pre_process(source / BACKBONE, target / "prepared.onnx", skip_symbolic_shape=True)
    quantize_static(
        target / "prepared.onnx",
        target / BACKBONE,
        Pixels(ranges),
        per_channel=True,
        weight_type=QuantType.QInt8,
        activation_type=QuantType.QUInt8,
    )
    quantize_dynamic(source / HEAD, target / HEAD, weight_type=QuantType.QInt8)


def answer_all(backbone: Path, head: Path, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of the style (n, K), and milliseconds of ``TIMED`` forward passes."""
    first, second = (
        ort.InferenceSession(path, providers=["CPUExecutionProvider"]) for path in (backbone, head)
    )
    answers, taken = [], []
    for pixels in asked:
        start = time.perf_counter()
        (features,) = first.run(["features"], {"image": pixels[None]})
        (logits,) = second.run(["logits_style"], {"features": features})
        taken.append((time.perf_counter() - start) * 1e3)
        answers.append(compute_softmax(logits[0]))
    return np.stack(answers), np.array(taken[-TIMED:])


def _read(run: Run, row: int) -> np.ndarray:
    return compute_square(run.load_image(row), run.manifest.image_size)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--paintings", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
