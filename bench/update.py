"""How long does an update take, once the pictures are in the image store?

python -m bench.full_scale_run artifacts
python -m bench.update artifacts/full-scale-81444 [--new 500]

The synthetic run of WikiArt's size, and new works whose pictures are put into its store. Measured
are the comparison, the model on the new works (the synthetic one, which costs next to nothing), all
tables and arrays, and the published run; reading the table and the pictures is left out.
"""

from __future__ import annotations

import argparse
import hashlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image
from rich.console import Console
from rich.table import Table

from core.artifacts import Run, open_run
from core.collection.open import SourceOptions
from core.collection.table import COLUMNS, Collection, FolderReader
from core.images.store import ImageStore
from core.training.config import TrainConfig
from core.training.timer import Timer
from core.update.run import publish_update

LIMIT = 180.0  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--new", type=int, default=500)
    options = parser.parse_args()
    run = open_run(options.run)
    collection, store = gather(run, options.new)
    config, timer = TrainConfig(SourceOptions(str(options.run)), name="update"), Timer()
    folder = publish_update(config, run, collection, store, timer)
    table = Table(
        "stage", "seconds", title=f"{len(run):,} known works and {options.new:,} new ones"
    )
    for each in timer.timings:
        table.add_row(each.name, f"{each.seconds:.1f}")
    table.add_row("in all", f"{sum(each.seconds for each in timer.timings):.1f}")
    table.add_row("limit", f"{LIMIT:.0f}")
    Console(width=100).print(table)
    print(folder)


def gather(run: Run, new: int) -> tuple[Collection, ImageStore]:
    """The run's works and ``new`` others of made-up pictures, with fingerprints drawn at random."""
    rng = np.random.default_rng(0)
    known = run.paintings.reindex(columns=[*COLUMNS, "content_hash", "width", "height"])
    added = known.iloc[np.arange(new) % len(known)].reset_index(drop=True)
    added["key"] = [f"new/{number}.jpg" for number in range(new)]
    hashes = [paint(run.image_folder, rng) for _ in range(new)]
    added["content_hash"] = hashes
    added["image"] = [f"{each[:2]}/{each}.jpg" for each in hashes]
    every = pd.concat([known, added]).sort_values("key", ignore_index=True)
    bits = rng.integers(2**63, size=(2, len(every)), dtype=np.uint64)
    table = every[["key", "image", "content_hash", "width", "height"]].assign(
        stored_width=every["width"],
        stored_height=every["height"],
        perceptual_hash=bits[0],
        mirror_hash=bits[1],
        signature=list(map(bytes, rng.integers(256, size=(len(every), 192), dtype=np.uint8))),
    )
    refused = pd.DataFrame(columns=["key", "image", "reason"])
    reader = FolderReader(run.image_folder)
    collection = Collection(
        run.manifest.collection.name, "wikiart", "bench", every[list(COLUMNS)], reader
    )
    return collection, ImageStore(run.image_folder, table, refused)


def paint(store: Path, rng: np.random.Generator) -> str:
    """Adds a picture to ``store``; its hash."""
    small = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(small).resize((384, 384), Image.Resampling.BICUBIC).save(buffer, "JPEG")
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    target = store / digest[:2] / f"{digest}.jpg"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(buffer.getvalue())
    return digest


if __name__ == "__main__":
    main()
