"""Small square thumbnails of all pictures, from which statistics are computed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from core.atomic_files import replace_file
from core.images.decode import decode_image
from core.images.store import ImageStore

SIDE: Final = 64
_BLOCK: Final = 512


def save_thumbnails(
    path: Path,
    store: ImageStore,
    images: list[str],
    workers: int | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> None:
    """Writes (N, 64, 64, 3) uint8 of the stored ``images`` to ``path``, as ``numpy.load`` reads it.

    Each whole picture is squashed. Pixels are averaged, so that thin strokes fade but do not
    vanish. ``on_rows`` receives how many more are done. Raises ``ImageRefused`` or
    ``FileNotFoundError`` for a damaged store; ``path`` is then as before.
    """
    header = {"descr": "|u1", "fortran_order": False, "shape": (len(images), SIDE, SIDE, 3)}
    with (
        replace_file(path) as beside,
        beside.open("wb") as file,
        ThreadPoolExecutor(workers) as pool,
    ):
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, len(images), _BLOCK):
            block = images[start : start + _BLOCK]
            for square in pool.map(lambda image: _load(store, image), block):
                file.write(square.tobytes())
            if on_rows:
                on_rows(len(block))


def _load(store: ImageStore, image: str) -> np.ndarray:
    picture = decode_image(store.read(image), short_side=2 * SIDE)
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX))
