"""A timm backbone cut in two: a stem that stays frozen, and a top that is fine-tuned.

The frozen part is computed once for each picture and reused by every epoch and fold; the cut
decides what the cache holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn

BLOCK_LISTS: Final = ("blocks", "stages", "layers")
AFTER_FEATURES: Final = ("global_pool", "head", "fc", "classifier", "head_drop", "fc_norm")


class Normalise(nn.Module):
    """(B, S, S, 3) uint8 pixels -> (B, 3, S, S) float, as the backbone's pretraining had them."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, mean: tuple[float, ...], std: tuple[float, ...]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1) * 255)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1) * 255)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        pixels: torch.Tensor = (
            image.permute(0, 3, 1, 2).to(self.mean.dtype) - self.mean
        ) / self.std
        return pixels


class AsMap(nn.Module):
    """A backbone's last output, in any form -> a feature map (B, C, H, W).

    Tokens (B, T, C) lose their prefix tokens and are laid out as their patches lie in the picture,
    so that the columns of a transformer read from left to right as well.
    """

    def __init__(self, channels: int, prefix_tokens: int) -> None:
        super().__init__()
        self.channels, self.prefix_tokens = channels, prefix_tokens

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        if features.ndim == 3:
            patches = features[:, self.prefix_tokens :]
            side = round(patches.shape[1] ** 0.5)
            features = patches.unflatten(1, (side, side))
        if features.shape[1] != self.channels:
            features = features.permute(0, 3, 1, 2)
        return features


class Backbone(nn.Module):
    """``stem`` (pixels -> activations, frozen) and ``top`` (activations -> feature map).

    ``trainable_blocks`` blocks from the end make up the top, with whatever follows them.
    ``block_layers``: how many of the top's layers lead up to the end of each block in it.
    ``content_layers``: likewise of the next to last block, 0 where that lies in the stem.
    """

    def __init__(self, model: Any, trainable_blocks: int) -> None:
        super().__init__()
        settings = model.pretrained_cfg
        layers = _split_layers(model)
        cut = _find_cut(layers, trainable_blocks)
        blocks = [index for index, layer in enumerate(layers) if layer.is_block]
        self.block_layers = tuple(index + 1 - cut for index in blocks if index >= cut)
        self.content_layers = max(0, blocks[-2] + 1 - cut) if len(blocks) > 1 else 0
        self.channels: int = model.num_features
        self.stem = nn.Sequential(
            Normalise(settings["mean"], settings["std"]), *(layer.module for layer in layers[:cut])
        )
        self.top = nn.Sequential(
            *(layer.module for layer in layers[cut:]),
            AsMap(self.channels, getattr(model, "num_prefix_tokens", 0)),
        )
        self.stem.requires_grad_(False)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self.top(self.stem(image))
        return features


class _Whole(nn.Module):
    """A backbone whose layers cannot be separated: one block."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self.model.forward_features(image)
        return features


class _Tokens(nn.Module):
    """A vision transformer's input layer: patches and their positions."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.patch_embed = model.patch_embed
        for name in ("cls_token", "reg_token", "pos_embed"):
            self.register_parameter(name, getattr(model, name, None))
        self._add_positions = model._pos_embed

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        tokens: torch.Tensor = self._add_positions(self.patch_embed(image))
        return tokens


@dataclass(frozen=True)
class _Layer:
    module: nn.Module
    is_block: bool


def _split_layers(model: Any) -> list[_Layer]:
    """The model as a chain of layers, checked against the model's output on one picture."""
    chain = list(_chain(model))
    if not any(layer.is_block for layer in chain):
        return [_Layer(_Whole(model), True)]
    size = model.pretrained_cfg["input_size"][1:]
    picture = torch.linspace(-1, 1, 3 * size[0] * size[1]).view(1, 3, *size)
    with torch.inference_mode():
        expected = model.forward_features(picture)
        try:
            found = picture
            for layer in chain:
                found = layer.module(found)
        except (RuntimeError, TypeError, ValueError, AssertionError):
            return [_Layer(_Whole(model), True)]
    if found.shape != expected.shape or not torch.allclose(found, expected, atol=1e-4, rtol=1e-3):
        return [_Layer(_Whole(model), True)]
    return chain


def _chain(model: Any) -> Iterator[_Layer]:
    """Children up to the pooling, lists of blocks taken apart."""
    children = dict(model.named_children())
    if hasattr(model, "_pos_embed"):
        yield _Layer(_Tokens(model), False)
        children = {name: children[name] for name in ("norm_pre", "blocks", "norm")}
    for name, module in children.items():
        if name in AFTER_FEATURES:
            return
        if name in BLOCK_LISTS and isinstance(module, nn.Sequential):
            yield from (_Layer(block, True) for block in module)
        else:
            yield _Layer(module, re.fullmatch(r"(layer|s|stages_)\d", name) is not None)


def _find_cut(layers: list[_Layer], trainable_blocks: int) -> int:
    """Index of the first trainable layer; all blocks are trainable where there are no more."""
    blocks = [index for index, layer in enumerate(layers) if layer.is_block]
    return blocks[-min(trainable_blocks, len(blocks))] if trainable_blocks else len(layers)
