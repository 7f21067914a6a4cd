"""Small square thumbnails of all pictures, from which statistics are computed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from PIL import Image

from core.images.decode import decode_image
from core.images.store import ImageStore

SIDE: Final = 64
_BLOCK: Final = 512


def load_thumbnails(
    store: ImageStore,
    images: list[str],
    workers: int | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> np.ndarray:
    """(N, 64, 64, 3) uint8 of the stored ``images``, each whole picture squashed. Pixels are
    averaged, so that thin strokes fade but do not vanish. ``on_rows`` receives how many more are
    done. Raises ``ImageRefused`` or ``FileNotFoundError`` for a damaged store.
    """
    thumbnails = np.empty((len(images), SIDE, SIDE, 3), dtype=np.uint8)
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(images), _BLOCK):
            block = images[start : start + _BLOCK]
            squares = pool.map(lambda image: _load(store, image), block)
            thumbnails[start : start + _BLOCK] = list(squares)
            if on_rows:
                on_rows(len(block))
    return thumbnails


def _load(store: ImageStore, image: str) -> np.ndarray:
    picture = decode_image(store.read(image), short_side=2 * SIDE)
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX))
