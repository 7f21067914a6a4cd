"""The stem's channels averaged over a picture, whatever form a stem's activations have."""

from __future__ import annotations

import numpy as np
import torch

from core.training.activations import Activations
from core.training.texture import compute_texture, pool_stem

MAP = torch.arange(2 * 5 * 3 * 3, dtype=torch.float32).view(2, 5, 3, 3)


def test_maps_and_tokens_are_averaged_over_their_places() -> None:
    expected = MAP.flatten(2).mean(dim=2)
    assert torch.equal(pool_stem(MAP), expected)
    assert torch.equal(pool_stem(MAP.permute(0, 2, 3, 1)), expected)
    assert torch.equal(pool_stem(MAP.flatten(2).transpose(1, 2)), expected)


def test_every_painting_is_seen_whole_and_in_order() -> None:
    values = np.random.default_rng(0).normal(size=(300, 2, 4, 3, 3)).astype(np.float16)
    texture = compute_texture(Activations(values, torch.device("cpu")))
    np.testing.assert_allclose(texture, values[:, 0].astype(float).mean(axis=(2, 3)), atol=1e-5)
