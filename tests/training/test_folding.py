"""Batch norms folded into convolutions answer as before."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.training.backbone import Backbone
from core.training.folding import fold_norms
from core.training.weights import load_backbone


def count_norms(layers: nn.Module) -> int:
    return sum(isinstance(layer, nn.BatchNorm2d) for layer in layers.modules())


def set_norms(layers: nn.Module) -> None:
    """Statistics as training leaves them: fresh ones would change nothing."""
    for layer in layers.modules():
        if isinstance(layer, nn.BatchNorm2d):
            assert layer.running_mean is not None
            assert layer.running_var is not None
            nn.init.uniform_(layer.running_mean, -0.2, 0.2)
            nn.init.uniform_(layer.running_var, 0.5, 1.5)
            nn.init.uniform_(layer.weight, 0.8, 1.2)


@pytest.mark.parametrize("name", ["tf_efficientnet_lite0", "resnet18"])
def test_folded_layers_answer_as_the_layers_do(name: str) -> None:
    torch.manual_seed(0)
    backbone = Backbone(load_backbone(name, 64, pretrained=False), 1, 64).eval()
    set_norms(backbone)
    pixels = torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8)
    with torch.inference_mode():
        expected = backbone.stem(pixels)
        folded = fold_norms(backbone.stem, pixels)
        assert count_norms(folded) == 0
        torch.testing.assert_close(folded(pixels), expected, atol=1e-3, rtol=1e-3)
    assert count_norms(backbone.stem) > 0


class Crossed(nn.Module):
    """Its norm stands behind a convolution that it does not follow."""

    def __init__(self) -> None:
        super().__init__()
        self.second, self.norm = nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return self.second(self.norm(values).relu())


def test_layers_that_folding_would_change_stay_as_they_are() -> None:
    torch.manual_seed(0)
    layers = nn.Sequential(Crossed()).eval()
    set_norms(layers)
    assert fold_norms(layers, torch.randn(2, 3, 4, 4)) is layers
