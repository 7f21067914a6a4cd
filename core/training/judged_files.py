"""Which files a collection has, as far as verdicts ask: for a dry run, which builds no store."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from core.collection.table import ImageReader
from core.images.fingerprints import compute_content_hash
from core.progress import stage
from core.reviews.exchange import load_standing


def hash_judged(paintings: pd.DataFrame, reader: ImageReader, verdicts: Path) -> pd.DataFrame:
    """``paintings`` with ``content_hash``, null where it is not needed or the file cannot be read.

    Reads the files that ``verdicts`` name; all others only where one of these is missing or has
    another content, which then may bear another name.
    """
    standing = load_standing(verdicts).verdicts
    judged = paintings["key"].isin(standing["key"]).to_numpy()
    hashes = np.full(len(paintings), None, dtype=object)
    _fill(hashes, np.flatnonzero(judged), paintings, reader)
    here = set(zip(paintings["key"], hashes, strict=True))
    if not here.issuperset(zip(standing["key"], standing["content_hash"], strict=True)):
        _fill(hashes, np.flatnonzero(~judged), paintings, reader)
    return paintings.assign(content_hash=pd.Series(hashes, index=paintings.index, dtype="str"))


def _fill(
    hashes: np.ndarray, rows: np.ndarray, paintings: pd.DataFrame, reader: ImageReader
) -> None:
    if not len(rows):
        return
    with stage("Comparing files with those judged", len(rows)) as progress:
        for row in rows:
            try:
                hashes[row] = compute_content_hash(reader.read(paintings["image"].iloc[row]))
            except OSError:
                continue  # training refuses it, and says why
            finally:
                progress.advance(1)
