"""The map of twice the resolution stands beside the last one, where there is such a map."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core.training.backbone import Backbone, BackboneError
from core.training.top import Top, find_finer, put_beside
from core.training.weights import load_backbone


def test_each_place_gets_the_two_finer_columns_that_lie_in_it() -> None:
    last, finer = torch.zeros(1, 1, 2, 2), torch.arange(16.0).view(1, 1, 4, 4)
    found = put_beside(last, finer)
    assert torch.equal(found[:, :1], last)
    # rows 0 and 1, then 2 and 3, averaged: the left columns, then the right ones
    assert found[0, 1].tolist() == [[2, 4], [10, 12]]
    assert found[0, 2].tolist() == [[3, 5], [11, 13]]


def test_channels_stay_in_pairs() -> None:
    finer = torch.tensor([10.0, 20.0]).view(1, 2, 1, 1) + torch.tensor([1.0, 2.0]).view(1, 1, 1, 2)
    found = put_beside(torch.zeros(1, 3, 1, 1), finer.expand(1, 2, 2, 2))
    assert found.flatten().tolist() == [0, 0, 0, 11, 21, 12, 22]


def test_of_an_odd_number_the_last_column_counts_twice() -> None:
    finer = torch.arange(9.0).view(1, 1, 3, 3)
    found = put_beside(torch.zeros(1, 0, 2, 2), finer)
    assert found[0, 0].tolist() == [[1.5, 3.5], [6, 8]]
    assert found[0, 1].tolist() == [[2.5, 3.5], [7, 8]]


def test_who_listens_hears_every_layer_and_the_last_map_alone() -> None:
    top = Top(nn.ReLU(), nn.AvgPool2d(2), nn.Identity())
    top.finer = find_finer(top, torch.zeros(1, 3, 8, 8))
    assert top.finer == 1
    heard: dict[int, torch.Tensor] = {}
    values = torch.randn(2, 3, 8, 8)
    found = top(values, heard.__setitem__)
    assert found.shape == (2, 9, 4, 4)
    assert [tuple(heard[number].shape[1:]) for number in (1, 2, 3)] == [(3, 8, 8), *[(3, 4, 4)] * 2]
    assert torch.equal(found, put_beside(heard[3], heard[1]))
    assert torch.equal(top.start(3)(values), heard[3])


@pytest.mark.parametrize(
    ("name", "size", "blocks", "sides"),
    [
        ("tf_efficientnet_lite0", 64, 3, (4, 2)),
        ("tf_efficientnet_lite0", 300, 3, (19, 10)),  # as B3 at its own size
        ("tf_efficientnet_lite0", 64, 2, (4, 2)),  # what the stem gives is the finer map
        ("tf_efficientnet_lite0", 64, 100, (4, 2)),
        ("resnet18", 64, 1, (4, 2)),
        ("convnext_atto", 64, 2, (4, 2)),
    ],
)
def test_the_finer_map_is_found(
    name: str, size: int, blocks: float, sides: tuple[int, int]
) -> None:
    torch.manual_seed(0)
    model = load_backbone(name, size, pretrained=False)
    alone = Backbone(model, blocks, size).eval()
    both = Backbone(model, blocks, size, "auto").eval()
    assert (alone.maps, both.maps) == ("last", "both")
    heard: dict[int, torch.Tensor] = {}
    pixels = torch.randint(0, 256, (1, size, size, 3), dtype=torch.uint8)
    with torch.inference_mode():
        stem = both.stem(pixels)
        found = both.top(stem, heard.__setitem__)
        torch.testing.assert_close(found[:, : both.channels], alone(pixels))
    finer = (heard | {0: stem})[both.top.finer or 0]
    assert (finer.shape[-1], found.shape[-1]) == sides
    np.testing.assert_allclose(
        found[0, both.channels :].view(2, finer.shape[1], *found.shape[2:])[:, :, 0, 0],
        finer[0, :, :2, :2].mean(dim=1).T,
        rtol=1e-5,
        atol=1e-6,
    )


@pytest.mark.parametrize(
    ("name", "size", "blocks"),
    [
        ("vit_tiny_patch16_224", 64, 4),
        ("tf_efficientnet_lite0", 64, 1),  # it lies before the cut
        ("swin_tiny_patch4_window7_224", 96, 1),
    ],
)
def test_where_there_is_none_the_last_map_stands_alone(name: str, size: int, blocks: float) -> None:
    model = load_backbone(name, size, pretrained=False)
    assert Backbone(model, blocks, size, "auto").maps == "last"
    with pytest.raises(BackboneError, match=rf"{name} has no map .*--maps last"):
        Backbone(model, blocks, size, "both")
