"""Channels averaged over a picture, whatever form activations have."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from core.training.activations import Activations
from core.training.processes import Processes
from core.training.texture import (
    compute_layer,
    compute_moments,
    pool_moments,
    pool_places,
)
from core.training.top import Top

MAP = torch.arange(2 * 5 * 3 * 3, dtype=torch.float32).view(2, 5, 3, 3)


def test_maps_and_tokens_are_averaged_over_their_places() -> None:
    expected = MAP.flatten(2).mean(dim=2)
    assert torch.equal(pool_places(MAP), expected)
    assert torch.equal(pool_places(MAP.permute(0, 2, 3, 1)), expected)
    assert torch.equal(pool_places(MAP.flatten(2).transpose(1, 2)), expected)


def test_every_painting_is_seen_whole_and_in_order() -> None:
    values = np.random.default_rng(0).normal(size=(300, 2, 4, 3, 3)).astype(np.float16)
    stem = Activations(values, torch.device("cpu"))
    means = values[:, 0].astype(float).mean(axis=(2, 3))
    texture = compute_layer(nn.Identity(), stem, Processes("cpu"))
    np.testing.assert_allclose(texture, means, atol=1e-5)
    twice = nn.Conv2d(4, 4, 1, bias=False)
    nn.init.dirac_(twice.weight)
    twice.weight.data *= 2
    np.testing.assert_allclose(compute_layer(twice, stem, Processes("cpu")), 2 * means, atol=1e-5)


def test_moments_are_means_and_spreads_over_the_places() -> None:
    places = MAP.flatten(2)
    expected = torch.cat([places.mean(dim=2), places.std(dim=2, correction=0)], dim=1)
    torch.testing.assert_close(pool_moments(MAP), expected)
    torch.testing.assert_close(pool_moments(MAP.permute(0, 2, 3, 1)), expected)
    torch.testing.assert_close(pool_moments(MAP.flatten(2).transpose(1, 2)), expected)
    torch.testing.assert_close(pool_moments(MAP.half()), expected, atol=1e-2, rtol=1e-3)


def test_moments_are_of_the_stem_and_of_the_ends_of_blocks() -> None:
    values = np.random.default_rng(1).normal(size=(70, 1, 4, 3, 3)).astype(np.float16)
    stem = Activations(values, torch.device("cpu"))
    layers = Top(nn.ReLU(), nn.Conv2d(4, 2, 1), nn.Conv2d(2, 6, 1))
    found = compute_moments(layers, (2,), stem, Processes("cpu"))
    seen = torch.from_numpy(values[:, 0]).float()
    with torch.inference_mode():
        expected = torch.cat([pool_moments(seen), pool_moments(layers[:2](seen))], dim=1)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    whole = compute_moments(layers, (), stem, Processes("cpu"))
    np.testing.assert_allclose(whole, pool_moments(seen), atol=1e-5)
