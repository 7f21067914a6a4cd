"""Content hash, perceptual hash and colour signature of a picture, and near-duplicate groups."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import imagehash
import numpy as np
from PIL import Image, ImageOps
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

SIGNATURE_SIDE: Final = 8
SIGNATURE_BYTES: Final = SIGNATURE_SIDE * SIGNATURE_SIDE * 3

# Measured on 3,066 paintings and 12 kinds of copy (bench/LOG.md, "Near-duplicates"): of textured
# paintings all copies rescaled, recompressed, recoloured, mirrored or cropped by 2 % are found, and
# 60 of the 61 pairs let through are one motif.
HASH_LIMIT: Final = 10  # bits of 64; pHash distances are even, unrelated pairs lie around 32
LIKENESS_LIMIT: Final = 0.85  # correlation of two signatures, -1..1, high is similar

UNIFORM_LIMIT: Final = 6  # levels of 256 between the darkest and the lightest pixel

_ROWS, _COLUMNS = 32, 4096  # one block of distances: 1 MB, which stays in the cache
_PAIRS_AT_ONCE = 1_000_000


def compute_content_hash(data: bytes) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def compute_perceptual_hash(image: Image.Image) -> int:
    """64-bit pHash: similar pictures differ in few bits, whatever their size or compression."""
    return int(str(imagehash.phash(image)), 16)


def compute_mirror_hash(image: Image.Image) -> int:
    """``compute_perceptual_hash`` of the picture mirrored left to right."""
    small = image.convert("L").resize((32, 32), Image.Resampling.LANCZOS)
    return compute_perceptual_hash(ImageOps.mirror(small))


def compute_signature(image: Image.Image) -> bytes:
    """192 bytes: an 8 x 8 RGB thumbnail, row by row. It holds the colour, which pHash ignores."""
    small = image.convert("RGB").resize(
        (SIGNATURE_SIDE, SIGNATURE_SIDE), Image.Resampling.BOX, reducing_gap=2.0
    )
    return small.tobytes()


def is_uniform(image: Image.Image) -> bool:
    """Whether an RGB picture shows one colour and nothing else, up to compression noise."""
    return int(np.ptp(np.asarray(image), axis=(0, 1)).max()) <= UNIFORM_LIMIT


def group_near_duplicates(
    hashes: np.ndarray, signatures: np.ndarray, mirror_hashes: np.ndarray | None = None
) -> np.ndarray:
    """(N,) int64 group ids, 0..G-1 in order of first appearance: one id for one picture's copies.

    ``hashes`` (N,) uint64, ``signatures`` (N, 192) uint8, ``mirror_hashes`` (N,) uint64 to join
    mirrored copies as well. Every pair is compared: 81,444 pictures take 11 seconds.
    """
    hashes = np.ascontiguousarray(hashes, dtype=np.uint64)
    signatures = np.asarray(signatures, dtype=np.uint8).reshape(-1, SIGNATURE_BYTES)
    rows, inverse = _find_distinct(hashes, signatures)
    mirror_hashes = None if mirror_hashes is None else np.asarray(mirror_hashes, np.uint64)[rows]
    groups, waiting, count = np.arange(len(rows)), [], 0
    for pairs in _find_pairs(hashes[rows], signatures[rows], mirror_hashes):
        waiting.append(pairs)
        count += len(pairs)
        if count >= _PAIRS_AT_ONCE:
            groups, waiting, count = _join(groups, waiting), [], 0
    groups = _join(groups, waiting)[inverse]
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse].astype(np.int64)


def _find_distinct(hashes: np.ndarray, signatures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First row of each distinct picture, and for every row the place of its picture among them.

    Thousands of identical pictures (such as one placeholder for missing images) would make millions
    of pairs. Pictures of one colour, which have no structure to compare, are matched here too.
    """
    joined = np.concatenate([hashes[:, None].view(np.uint8), signatures], axis=1)
    keys = np.ascontiguousarray(joined).view(np.dtype((np.void, joined.shape[1])))[:, 0]
    _, rows, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return rows, inverse


def _join(groups: np.ndarray, pairs: list[np.ndarray]) -> np.ndarray:
    """Group ids with the groups of each pair united."""
    count = len(groups)
    links = np.concatenate([np.empty((0, 2), dtype=np.int64), *pairs])
    edges = groups[links[:, 0]], groups[links[:, 1]]
    _, united = connected_components(
        coo_array((np.ones(len(links), dtype=bool), edges), (count, count)), directed=False
    )
    joined: np.ndarray = united[groups]
    return joined


def _find_pairs(
    hashes: np.ndarray, signatures: np.ndarray, mirror_hashes: np.ndarray | None
) -> Iterator[np.ndarray]:
    shapes = _normalise(signatures)
    sides = [(hashes, shapes)]
    if mirror_hashes is not None:
        grid = shapes.reshape(-1, SIGNATURE_SIDE, SIGNATURE_SIDE, 3)
        sides.append((mirror_hashes, grid[:, :, ::-1].reshape(shapes.shape)))
    for others, other_shapes in sides:
        for pairs in _find_close(hashes, np.ascontiguousarray(others)):
            likeness = _compute_likeness(pairs, shapes, other_shapes)
            yield pairs[likeness >= LIKENESS_LIMIT]


def _find_close(left: np.ndarray, right: np.ndarray) -> Iterator[np.ndarray]:
    """(P, 2) pairs i < j with ``left[i]`` and ``right[j]`` at most HASH_LIMIT bits apart."""
    buffer = np.empty((_ROWS, _COLUMNS), dtype=np.uint64)
    for top in range(0, len(left), _ROWS):
        rows = left[top : top + _ROWS, None]
        for start in range(top, len(right), _COLUMNS):
            columns = right[None, start : start + _COLUMNS]
            block = buffer[: rows.shape[0], : columns.shape[1]]
            distance = np.bitwise_count(np.bitwise_xor(rows, columns, out=block))
            close = distance <= HASH_LIMIT
            if close.any():
                pairs = np.argwhere(close) + np.array([top, start])
                yield pairs[pairs[:, 0] < pairs[:, 1]]


def _normalise(signatures: np.ndarray) -> np.ndarray:
    """(N, 192) float32 unit rows without their mean colour: the composition remains.

    Brightness, contrast and colour casts differ between reproductions of one painting and drop out.
    In a nearly blank canvas only noise remains, so such pictures do not chain into one group.
    """
    grid = signatures.reshape(-1, SIGNATURE_SIDE**2, 3).astype(np.float32)
    rows = (grid - grid.mean(axis=1, keepdims=True)).reshape(signatures.shape)
    directions: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return directions


def _compute_likeness(pairs: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(P,) correlation of the signatures of each pair."""
    likeness = np.empty(len(pairs), dtype=np.float32)
    for start in range(0, len(pairs), 65536):
        some = slice(start, start + 65536)
        likeness[some] = (left[pairs[some, 0]] * right[pairs[some, 1]]).sum(axis=1)
    return likeness
