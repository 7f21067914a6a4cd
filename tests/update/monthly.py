"""A collection that a run is on, and the museum's table of it a month later."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from core.artifacts import Run, open_run
from core.collection.open import SourceOptions
from core.training.config import TrainConfig
from core.update.run import update_run

NEW = 5  # works a month


def paint(file: Path, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((96, 96), Image.Resampling.BICUBIC).save(file, quality=95)


def export(run: Run, folder: Path) -> pd.DataFrame:
    """The collection of ``run`` as a museum's table, pictures in ``folder``."""
    for image in run.paintings["image"]:
        shutil.copy(run.image_folder / image, folder / Path(image).name)
    own = run.paintings
    return pd.DataFrame(
        {
            "id": own["key"],
            "file": [Path(image).name for image in own["image"]],
            "title": own["title"],
            "artist": own["artist"],
            "year": own["year"],
            "style": own["given_style"],
            "genre": own["given_genre"],
        }
    )


def export_later(run: Run, root: Path) -> pd.DataFrame:
    """The same less works 3 and 4, with ``NEW`` others, another label of work 10, another
    photograph of work 20, work 30 renamed. Pictures in the folder scans below ``root``.
    """
    scans = root / "scans"
    scans.mkdir()
    table = export(run, scans)
    table.loc[10, "style"] = next(s for s in run.classes("style") if s != table.at[10, "style"])
    paint(scans / "anew.jpg", 99)
    table.loc[20, "file"] = "anew.jpg"
    table.loc[30, "id"] = "renamed/30.jpg"
    for n in range(NEW):
        paint(scans / f"new-{n}.jpg", n)
    new = pd.DataFrame(
        {
            "id": [f"new/{n}.jpg" for n in range(NEW)],
            "file": [f"new-{n}.jpg" for n in range(NEW)],
            "title": "A new work",
            "artist": "Paul Klee",
            "style": [*run.classes("style")[: NEW - 1], "Fauvism"],
        }
    )
    return pd.concat([table.drop(index=[3, 4]), new], ignore_index=True)


def update(run: Run, table: pd.DataFrame, root: Path, verdicts: Path | None = None) -> Run:
    """The update of ``run`` by ``table``, whose pictures lie in the folder scans below ``root``."""
    table.to_csv(root / "museum.csv", index=False)
    source = SourceOptions(str(root / "museum.csv"), images=root / "scans")
    config = TrainConfig(source, workers=1, verdicts=verdicts)
    return open_run(update_run(config, run.folder))
