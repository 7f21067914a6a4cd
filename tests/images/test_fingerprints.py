from __future__ import annotations

import itertools
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from core.images.fingerprints import (
    HASH_LIMIT,
    compute_content_hash,
    compute_mirror_hash,
    compute_perceptual_hash,
    compute_signature,
    group_near_duplicates,
)
from tests.images.painted import paint


def fingerprint(images: list[Image.Image]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hashes, signatures and mirror hashes, as the store keeps them."""
    return (
        np.array([compute_perceptual_hash(image) for image in images], dtype=np.uint64),
        np.stack([np.frombuffer(compute_signature(image), np.uint8) for image in images]),
        np.array([compute_mirror_hash(image) for image in images], dtype=np.uint64),
    )


def test_perceptual_hash_is_that_of_imagehash() -> None:
    bits = imagehash.phash(paint(1)).hash.flatten()
    expected = sum(int(bit) << (63 - at) for at, bit in enumerate(bits))
    assert compute_perceptual_hash(paint(1)) == expected


def test_mirror_hash_is_the_hash_of_the_mirrored_picture() -> None:
    for seed in range(20):
        mirrored = compute_perceptual_hash(ImageOps.mirror(paint(seed)))
        assert (compute_mirror_hash(paint(seed)) ^ mirrored).bit_count() <= 2


def test_signature_is_a_thumbnail_of_192_bytes() -> None:
    image = Image.new("RGB", (80, 80), (250, 20, 30))
    image.paste((10, 20, 30), (40, 0, 80, 80))
    pixels = np.frombuffer(compute_signature(image), np.uint8).reshape(8, 8, 3)
    assert np.array_equal(pixels[3, 0], [250, 20, 30])
    assert np.array_equal(pixels[3, 7], [10, 20, 30])


def test_content_hash_is_sha256() -> None:
    assert compute_content_hash(b"abc").startswith("ba7816bf8f01cfea")


def test_copies_are_grouped_and_others_are_not() -> None:
    first = paint(5, 240, 180)
    images = [paint(seed, 240, 180) for seed in range(30)]
    images += [
        first.resize((120, 90)),
        ImageEnhance.Brightness(first).enhance(0.85),
        ImageEnhance.Color(first).enhance(1.3),
        first.crop((3, 2, 237, 178)),
        ImageOps.mirror(first),
    ]
    hashes, signatures, mirrors = fingerprint(images)
    groups = group_near_duplicates(hashes, signatures, mirrors)
    assert groups.dtype == np.int64
    assert groups[:30].tolist() == list(range(30))
    assert groups[30:].tolist() == [5] * 5
    assert group_near_duplicates(hashes, signatures)[34] == 30, "mirrored: only when asked for"


def test_pairs_are_those_of_a_plain_double_loop() -> None:
    rng = np.random.default_rng(0)
    originals = rng.integers(0, 2**63, 200, dtype=np.uint64)
    places = [rng.integers(0, 64, k % 14) for k in range(200)]
    flips = [np.bitwise_or.reduce(np.uint64(1) << at.astype(np.uint64)) for at in places]
    hashes = np.concatenate([originals, originals ^ np.array(flips, dtype=np.uint64)])
    signatures = np.tile(rng.integers(0, 256, 192, dtype=np.uint8), (400, 1))
    groups = group_near_duplicates(hashes, signatures)
    pairs = list(itertools.combinations(range(400), 2))
    found = {(i, j) for i, j in pairs if groups[i] == groups[j]}
    expected = {
        (i, j) for i, j in pairs if (int(hashes[i]) ^ int(hashes[j])).bit_count() <= HASH_LIMIT
    }
    assert found == expected
    assert len(found) > 100


def test_nearly_blank_canvases_do_not_chain() -> None:
    rng = np.random.default_rng(0)
    canvases = [
        Image.fromarray(rng.normal(235, 3, (96, 96, 3)).clip(0, 255).astype(np.uint8))
        for _ in range(300)
    ]
    groups = group_near_duplicates(*fingerprint(canvases))
    assert np.bincount(groups).max() <= 2


def test_pictures_of_one_colour_are_like_their_equals_only() -> None:
    canvases = [Image.new("RGB", (64, 64), colour) for colour in ("white", "black", "white")]
    assert group_near_duplicates(*fingerprint(canvases)).tolist() == [0, 1, 0]


def test_groups_of_nothing_and_of_one() -> None:
    hashes, signatures, mirrors = fingerprint([paint(1)])
    assert group_near_duplicates(hashes[:0], signatures[:0], mirrors[:0]).tolist() == []
    assert group_near_duplicates(hashes, signatures, mirrors).tolist() == [0]


@pytest.mark.slow
@pytest.mark.paintings
def test_real_paintings_form_small_groups(wikiart_mini: Path) -> None:
    paths = sorted(wikiart_mini.glob("*/*.jpg"))[::4]
    images = [Image.open(path).convert("RGB") for path in paths]
    copies = [image.crop((2, 2, 222, 222)).resize((150, 150)) for image in images[::10]]
    groups = group_near_duplicates(*fingerprint(images + copies))
    sizes = np.bincount(groups)
    assert sizes.max() <= 4
    found = groups[len(images) :] == groups[: len(images) : 10]
    assert found.mean() > 0.9
