"""Which pictures are one to the eye: those of a collection now, and those that a run keeps."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import numpy as np
import pandas as pd

from core.artifacts import ArtifactBroken, Run
from core.images.fingerprints import (
    compute_mirror_hash,
    compute_perceptual_hash,
    compute_signature,
    group_near_duplicates,
)

_FINGERPRINTS: Final = ["perceptual_hash", "mirror_hash", "signature"]


def look_alike(run: Run, rows: np.ndarray, paintings: pd.DataFrame) -> np.ndarray:
    """(n,) bool: each of ``paintings`` shows what ``run`` keeps of the one of its ``rows`` (n,).

    ``paintings``: with the fingerprints of the image store.
    """
    kept = compute_fingerprints(run, rows)
    groups = group_pictures(paintings, kept)
    former = dict(zip(kept.index, groups[len(paintings) :], strict=True))
    pairs = zip(rows.tolist(), groups, strict=False)
    return np.array([former.get(row) == group for row, group in pairs], dtype=bool)


def compute_fingerprints(run: Run, rows: np.ndarray) -> pd.DataFrame:
    """Fingerprints of the pictures that ``run`` still keeps of its ``rows``; index: those rows."""
    found = {}
    for row in rows.tolist():
        with suppress(ArtifactBroken):
            image = run.load_image(row)
            hashes = compute_perceptual_hash(image), compute_mirror_hash(image)
            found[row] = (*hashes, compute_signature(image))
    return pd.DataFrame.from_dict(found, orient="index", columns=_FINGERPRINTS)


def group_pictures(*tables: pd.DataFrame) -> np.ndarray:
    """(N,) group ids of the pictures of ``tables``, one after the other: one for one picture."""
    hashes, mirrored, signatures = (
        [value for table in tables for value in table[name]] for name in _FINGERPRINTS
    )
    if not hashes:
        return np.empty(0, dtype=np.int64)
    return group_near_duplicates(
        np.array(hashes, dtype=np.uint64),
        np.stack([np.frombuffer(each, dtype=np.uint8) for each in signatures]),
        np.array(mirrored, dtype=np.uint64),
    )
