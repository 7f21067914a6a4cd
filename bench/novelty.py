"""How well novelty separates held-out paintings from pictures that are not paintings.

python -m bench.novelty RUN HELD_OUT [--seed 0]

RUN is the folder of a run; HELD_OUT a folder of pictures of its kind that it was not trained on.
Prints, for each kind of ``bench.non_paintings``, the AUROC of novelty as the dashboard has it, of
the highest logit and of the distance to the nearest embeddings, and the share that is called unlike
anything here; the share of held-out paintings so called is the false alarm rate. Before that, the
share of the run's own works so called, each compared with other artists' works.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.metrics import roc_auc_score

from bench.non_paintings import KINDS
from core.artifacts import Run, open_run
from core.classify.session import ModelSession
from core.findings.novelty import UNLIKE, NoveltyReference, compute_novelty
from core.findings.oeuvre.other_works import code_artists
from core.images.decode import decode_image
from core.images.pixels import compute_square

NEIGHBOURS = 12
BATCH = 32


def main() -> None:
    arguments = _parse()
    run = open_run(arguments.run)
    layers = [each for each in (run.texture, run.content) if each is not None]
    own = compute_novelty(layers, code_artists(run.paintings["artist"]), np.arange(len(run)))
    print(f"{len(own):,} of the run, {(own >= UNLIKE).mean():.2%} called unlike anything here")
    paths = sorted(arguments.held_out.rglob("*.jpg"))
    paintings = _score(run, (decode_image(p.read_bytes(), short_side=384) for p in paths))
    alarms = (paintings["novelty"] >= UNLIKE).mean()
    print(f"{len(paths):,} held-out paintings, {alarms:.1%} called unlike anything here")
    print("| kind | novelty AUROC | highest logit | nearest embeddings | called unlike |")
    rng = np.random.default_rng(arguments.seed)
    for kind, make in KINDS.items():
        scores = _score(run, (shrink(image) for image in make(rng)))
        areas = [
            roc_auc_score(
                np.repeat([0, 1], [len(paintings[name]), len(scores[name])]),
                np.concatenate([paintings[name], scores[name]]),
            )
            for name in ("novelty", "logit", "embedding")
        ]
        called = (scores["novelty"] >= UNLIKE).mean()
        print(f"| {kind} | " + " | ".join(f"{area:.3f}" for area in areas) + f" | {called:.0%} |")


def _score(run: Run, images: Iterable[Image.Image]) -> dict[str, np.ndarray]:
    """Of each picture: ``novelty`` as the dashboard has it, and two raw scores, high is novel."""
    session = ModelSession(run)
    artists = code_artists(run.paintings["artist"])
    reference = NoveltyReference(list(session.layers.values()), artists)
    pixels = [compute_square(image, run.manifest.image_size) for image in images]
    scores: dict[str, list[np.ndarray]] = {}
    for start in range(0, len(pixels), BATCH):
        features, layers = session.extract(np.stack(pixels[start : start + BATCH]))
        answer = session.answer(features)
        near = np.sort(answer.embedding @ run.embeddings.T, axis=1)[:, -NEIGHBOURS:]
        found = {
            "novelty": reference.measure(layers),
            "logit": -answer.logits["style"].max(axis=1),
            "embedding": 1 - near.mean(axis=1),
        }
        for name, values in found.items():
            scores.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in scores.items()}


def shrink(image: Image.Image) -> Image.Image:
    """As an upload is shrunk on its way in."""
    scale = min(1.0, 384 / min(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("held_out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
