"""Latency of one answer, by stage, beside other ways to run the same model.

python -m bench.classify_latency [--profiles b3 lite0] [--rounds 16] [--folder F]

Each profile's model goes through the trainer's own export into a run of 81,444 embeddings that are
drawn with the spectrum of real ones; pictures are JPEGs of 1400 x 1100 made of real paintings where
there are any. B3 has random initial weights (they change no latency), lite0 its packaged ones.
Blocks of calls alternate, so that other work on the machine affects all alike; a ratio is the
median over the rounds. "Bare" is ONNX Runtime with its defaults on the whole model as one graph:
nothing decoded, nothing looked up. With --folder the exports are kept, and a second call starts
measuring at once.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import openvino
import pandas as pd
import torch
from PIL import Image
from rich.console import Console
from rich.table import Table

from bench.decode_routes import PAINTINGS, load_tiles, make_mosaic
from core.artifacts import CollectionFacts, Manifest, Run, Thresholds
from core.artifacts.manifest import FileFacts
from core.artifacts.schema import PAINTINGS as PAINTING_TABLE
from core.classify import NEIGHBOURS, Classifier, ClassifyService
from core.classify.neighbour_index import NeighbourIndex
from core.classify.placement import place_picture
from core.classify.session import ModelSession
from core.findings.novelty import NoveltyReference
from core.findings.oeuvre.other_works import code_artists
from core.images.guard import DecodingGuard
from core.images.pixels import SHORT_SIDE, compute_square
from core.tasks import TASKS
from core.training.export import export_model
from core.training.model import EMBEDDING_WIDTH, ModelSpec, PaintingModel, build_model

PAINTINGS_IN_RUN = 81_444
CLASSES = {"style": 27, "artist": 23, "genre": 10}  # WikiArt's
# Share of the embeddings in so many leading directions, of the run on 3,066 real paintings.
SPECTRUM = {8: 0.757, 16: 0.854, 32: 0.883, 64: 0.914, 128: 0.948, 256: 0.981, EMBEDDING_WIDTH: 1.0}
PICTURES, BLOCK, ARTISTS = 8, 5, 1_119
WHOLE = "whole.onnx"
Call = Callable[[], object]


@dataclass(frozen=True)
class Profile:
    """The trainer's defaults with and without a GPU."""

    backbone: str
    image_size: int
    pretrained: bool


PROFILES = {
    "b3": Profile("efficientnet_b3", 300, False),
    "lite0": Profile("tf_efficientnet_lite0", 160, True),
}


def main() -> None:
    arguments = _parse()
    tiles = load_tiles(PAINTINGS, 200)
    pictures = [make_mosaic(tiles, 1400, 1100, seed) for seed in range(PICTURES)]
    console = Console(width=120)
    for name in arguments.profiles:
        profile = PROFILES[name]
        with tempfile.TemporaryDirectory() as spare, closing(DecodingGuard()) as guard:
            model = build_profile(profile)
            run = make_run(model, pictures[0], (arguments.folder or Path(spare)) / name)
            calls = {**list_stages(run, guard, pictures), **list_rivals(model, run)}
            console.print(build_table(measure(calls, arguments.rounds), profile))


def build_profile(profile: Profile) -> PaintingModel:
    classes = {task: tuple(f"{task} {n}" for n in range(CLASSES[task])) for task in TASKS}
    spec = ModelSpec(profile.backbone, profile.image_size, 3, "mean", "sequence", 0.3, classes)
    torch.manual_seed(0)
    return build_model(spec, pretrained=profile.pretrained).eval()


def make_run(model: PaintingModel, picture: bytes, folder: Path) -> Run:
    """What the classifier reads of a run: graphs, embeddings, map and layers for novelty."""
    run = Run(folder, describe_run(model))
    if (folder / WHOLE).exists():
        return run
    folder.mkdir(parents=True, exist_ok=True)
    export_model(model, dict.fromkeys(TASKS, 1.0), folder)
    rng = np.random.default_rng(0)
    for name, channels in count_channels(folder).items():
        layer = rng.normal(size=(PAINTINGS_IN_RUN, channels))
        np.save(folder / f"{name}.npy", layer.astype(np.float16))
    np.save(folder / "embeddings.npy", draw_embeddings(rng, run, picture).astype(np.float16))
    paintings = {name: "" if kind == "str" else 0 for name, kind in PAINTING_TABLE.dtypes.items()}
    table = pd.DataFrame(paintings, index=range(PAINTINGS_IN_RUN))
    table["artist"] = [f"Artist {row % ARTISTS}" for row in table.index]
    PAINTING_TABLE.cast(table).to_parquet(folder / "paintings.parquet")
    np.save(folder / "map.npy", rng.normal(size=(PAINTINGS_IN_RUN, 2)).astype(np.float32))
    merge_graphs(folder)
    return run


def draw_embeddings(rng: np.random.Generator, run: Run, picture: bytes) -> np.ndarray:
    """(N, D) float32 with a real run's spectrum, turned so that ``picture``'s is one of them."""
    places = np.arange(EMBEDDING_WIDTH + 1)
    shares = np.diff(np.interp(places, [0, *SPECTRUM], [0, *SPECTRUM.values()]))
    drawn = rng.normal(size=(PAINTINGS_IN_RUN, EMBEDDING_WIDTH)) * np.sqrt(shares)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    pixels = compute_square(Image.open(io.BytesIO(picture)), run.manifest.image_size)
    session = ModelSession(run)
    features, _ = session.extract(pixels[None])
    mirror = drawn[0] - session.answer(features).embedding[0]
    mirror /= np.linalg.norm(mirror)
    return (drawn - 2 * (drawn @ mirror)[:, None] * mirror).astype(np.float32)


def count_channels(folder: Path) -> dict[str, int]:
    """Of the layers that novelty is judged by."""
    outputs = ort.InferenceSession(folder / "backbone.onnx").get_outputs()
    return {each.name: each.shape[1] for each in outputs if each.name != "features"}


def describe_run(model: PaintingModel) -> Manifest:
    return Manifest(
        run_id="latency",
        created=datetime.now(UTC),
        collection=CollectionFacts(
            name="drawn",
            source="drawn",
            paintings=PAINTINGS_IN_RUN,
            fingerprint="0" * 64,
            image_store="0" * 16,
            quarantined=0,
        ),
        classes=model.spec.classes,
        thresholds=Thresholds(loss=1, confidence=0.5),
        temperatures=dict.fromkeys(TASKS, (1.0,)),
        seed=0,
        config={"short_side": SHORT_SIDE},
        command="python -m bench.classify_latency",
        image_size=model.spec.image_size,
        packages={},
        hardware={},
        stages=(),
        files={f"{n}.npy": FileFacts(bytes=0, sha256="0" * 64) for n in ("texture", "content")},
    )


def list_stages(run: Run, guard: DecodingGuard, pictures: list[bytes]) -> dict[str, Call]:
    """Our stages, each with its predecessor's result, and the whole path."""
    classifier, service = Classifier(run), ClassifyService(guard)
    session = ModelSession(run)
    hands = code_artists(run.paintings["artist"])
    reference = NoveltyReference(list(session.layers.values()), hands)
    index = NeighbourIndex(run.embeddings)
    image = guard.decode(pictures[0], short_side=SHORT_SIDE).image
    pixels = compute_square(image, run.manifest.image_size)
    features, layers = session.extract(pixels[None])
    embedding = session.answer(features).embedding[0]
    turn = iter(range(1 << 30))

    def take() -> bytes:
        return pictures[next(turn) % len(pictures)]

    return {
        "decode, in a process of its own": lambda: guard.decode(take(), short_side=SHORT_SIDE),
        "preprocess": lambda: compute_square(image, run.manifest.image_size),
        "forward": lambda: session.answer(session.extract(pixels[None])[0]),
        "novelty": lambda: reference.measure(layers),
        "neighbours and place": lambda: place_picture(embedding, index, run.map, NEIGHBOURS),
        "total compute, decoding aside": lambda: classifier.classify(image),
        "total": lambda: service.classify(classifier, take()),
        "explanation, on request": lambda: classifier.explain(pixels),
    }


def list_rivals(model: PaintingModel, run: Run) -> dict[str, Call]:
    """The forward pass alone, in other runtimes, from one square of pixels to all logits."""
    rng = np.random.default_rng(1)
    size = run.manifest.image_size
    pixels = rng.integers(0, 256, (1, size, size, 3), dtype=np.uint8)
    path = run.folder / WHOLE
    bare = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    # As precise as the others: by default it computes in bfloat16 where the processor can.
    hint = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    vino = openvino.Core().compile_model(path, "CPU", hint)
    compiled = torch.compile(model, dynamic=False)  # a second size would make all sizes symbols
    tensor = torch.from_numpy(pixels)

    def ask(network: Callable[[torch.Tensor], object]) -> object:
        with torch.inference_mode():
            return network(tensor)

    return {
        "bare ONNX Runtime": lambda: bare.run(None, {"image": pixels}),
        "OpenVINO": lambda: vino({"image": pixels}),
        "torch.compile": lambda: ask(compiled),
        "timm, eager": lambda: ask(model),
    }


def merge_graphs(folder: Path) -> None:
    """Writes backbone and head as one graph."""
    backbone, head = (onnx.load(folder / f"{name}.onnx") for name in ("backbone", "head"))
    head = onnx.compose.add_prefix(head, "head/", rename_inputs=False, rename_outputs=False)
    whole = onnx.compose.merge_models(backbone, head, [("features", "features")])
    onnx.save(whole, folder / WHOLE)


def measure(calls: dict[str, Call], rounds: int) -> dict[str, np.ndarray]:
    """(rounds, ``BLOCK``) milliseconds of each call, in alternating blocks."""
    taken = {name: np.empty((rounds, BLOCK)) for name in calls}
    for turn in range(rounds):
        for name, call in calls.items():
            call()  # back into the caches
            for at in range(BLOCK):
                start = time.perf_counter()
                call()
                taken[name][turn, at] = (time.perf_counter() - start) * 1e3
    return taken


def build_table(taken: dict[str, np.ndarray], profile: Profile) -> Table:
    bare = np.median(taken["bare ONNX Runtime"], axis=1)
    table = Table(
        *("", "median ms", "p95 ms", "over bare forward"),
        title=f"{profile.backbone} at {profile.image_size} px, {PAINTINGS_IN_RUN:,} paintings, "
        f"{next(iter(taken.values())).size} calls each",
    )
    for name, values in taken.items():
        middle, high = np.percentile(values, (50, 95))
        ratio = np.median(np.median(values, axis=1) / bare)
        table.add_row(name, f"{middle:.1f}", f"{high:.1f}", f"{ratio:.2f}")
    return table


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profiles", nargs="+", choices=PROFILES, default=list(PROFILES))
    parser.add_argument("--rounds", type=int, default=16, help="of 5 calls each")
    parser.add_argument("--folder", type=Path, help="to keep the exports in")
    return parser.parse_args()


if __name__ == "__main__":
    main()
