"""A timm backbone cut in two: a stem that stays frozen, and a top that is fine-tuned.

The frozen part is computed once for each picture and reused by every epoch and fold; the cut
decides what the cache holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, isqrt
from typing import Any, Final, Literal

import torch
from torch import nn

from core.errors import UserError
from core.training.top import Top, find_finer

BLOCK_LISTS: Final = ("blocks", "stages", "layers")
AFTER_FEATURES: Final = (
    *("global_pool", "head", "fc", "classifier", "head_drop", "fc_norm", "attn_pool"),
)
Maps = Literal["last", "both", "auto"]

# What a backbone may raise of a picture that it was not made for.
_UNREADABLE: Final = (
    *(RuntimeError, AssertionError, ValueError, TypeError, AttributeError, IndexError),
    *(NotImplementedError, KeyError, ZeroDivisionError),
)


class BackboneError(UserError):
    """A backbone cannot serve."""


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

    ``model``: timm's, built for squares of ``size``. The top is what ``trainable_blocks`` says (see
    ``TrainConfig``), with whatever follows.
    ``block_layers``: how many of the top's layers lead up to the end of each block in it.
    ``content_layers``: likewise of the next to last block, 0 where that lies in the stem.
    ``maps``: whether the map of twice the last one's resolution stands beside it (``Top``): auto
    where the top passes through one. ``channels`` of the last map come first.
    Raises ``BackboneError`` where the model cannot read such squares, gives no places, or has no
    finer map for ``both``.
    """

    def __init__(self, model: Any, trainable_blocks: float, size: int, maps: Maps = "last") -> None:
        super().__init__()
        settings = model.pretrained_cfg
        picture = torch.linspace(-1, 1, 3 * size * size).view(1, 3, size, size)
        expected = _answer_one(model, picture)
        self.channels: int = model.num_features
        layers = _split_layers(model, picture, expected)
        layers, cut = _cut(layers, trainable_blocks, picture)
        blocks = [index for index, layer in enumerate(layers) if layer.is_block]
        self.block_layers = tuple(index + 1 - cut for index in blocks if index >= cut)
        self.content_layers = max(0, blocks[-2] + 1 - cut) if len(blocks) > 1 else 0
        self.stem = nn.Sequential(
            Normalise(settings["mean"], settings["std"]), *(layer.module for layer in layers[:cut])
        )
        self.top = Top(
            *(layer.module for layer in layers[cut:]),
            AsMap(self.channels, getattr(model, "num_prefix_tokens", 0)),
        )
        if maps != "last":
            with torch.inference_mode():
                start = nn.Sequential(*self.stem[1:])(picture)
            self.top.finer = find_finer(self.top, start)
            if maps == "both" and self.top.finer is None:
                raise _lack_finer(settings["architecture"], trainable_blocks)
        self.stem.requires_grad_(False)

    @property
    def maps(self) -> Maps:
        """What the heads read, as it was found out."""
        return "last" if self.top.finer is None else "both"

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self.top(self.stem(image))
        return features


class Whole(nn.Module):
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
        tokens = self._add_positions(self.patch_embed(image))
        found: torch.Tensor = tokens[0] if isinstance(tokens, tuple) else tokens  # EVA's: and turns
        return found


class _Turned(nn.Module):
    """A transformer's block with its rotary positions (RoPE), which its size fixes."""

    positions: torch.Tensor

    def __init__(self, block: nn.Module, positions: torch.Tensor) -> None:
        super().__init__()
        self.block = block
        self.register_buffer("positions", positions, persistent=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        turned: torch.Tensor = self.block(tokens, rope=self.positions)
        return turned


@dataclass(frozen=True)
class _Layer:
    module: nn.Module
    is_block: bool


def _answer_one(model: Any, picture: torch.Tensor) -> torch.Tensor:
    """The model's features of ``picture`` (1, 3, S, S): a map, or tokens of a square of patches."""
    name, size = model.pretrained_cfg["architecture"], picture.shape[-1]
    native = model.pretrained_cfg["input_size"][-1]
    try:
        with torch.inference_mode():
            features = model.forward_features(picture)
    except _UNREADABLE as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise BackboneError(
            f"{name} cannot read squares of {size} px",
            found=said[0][:200],
            expected=f"a size that it was made for, such as {native}",
            remedy=f"Use --image-size {native}, or another --backbone.",
        ) from error
    if not isinstance(features, torch.Tensor) or not _has_places(model, features):
        shape = getattr(features, "shape", None)
        raise BackboneError(
            f"{name} keeps no places of a picture apart",
            found=f"features of the shape {tuple(shape)}" if shape else "several outputs",
            expected="a feature map, or a token for each patch of a square",
            remedy="Use another --backbone.",
        )
    return features


def _lack_finer(name: str, trainable_blocks: float) -> BackboneError:
    return BackboneError(
        f"{name} has no map of twice the last one's resolution from its tuned blocks on",
        found=f"--maps both, --trainable-blocks {trainable_blocks:g}",
        remedy="Use --maps last; of a network of stages, more --trainable-blocks may hold one.",
    )


def _has_places(model: Any, features: torch.Tensor) -> bool:
    if features.ndim == 4:
        return model.num_features in (features.shape[1], features.shape[3])
    if features.ndim != 3 or features.shape[2] != model.num_features:
        return False
    patches = features.shape[1] - getattr(model, "num_prefix_tokens", 0)
    return patches > 1 and isqrt(patches) ** 2 == patches


def _split_layers(model: Any, picture: torch.Tensor, expected: torch.Tensor) -> list[_Layer]:
    """The model as a chain of layers that turns ``picture`` into ``expected``.

    A norm that the model has for its pooled tokens ends the chain.
    """
    whole = [_Layer(Whole(model), True)]
    try:
        with torch.inference_mode():
            chain = list(_chain(model, picture))
            found = picture
            for layer in chain:
                found = layer.module(found)
    except _UNREADABLE:
        chain = whole
    else:
        if not any(layer.is_block for layer in chain) or not _agree(found, expected):
            chain = whole
    norm = getattr(model, "fc_norm", None)
    if expected.ndim == 3 and isinstance(norm, nn.LayerNorm):
        chain.append(_Layer(norm, False))
    return chain


def _agree(found: Any, expected: torch.Tensor) -> bool:
    return (
        isinstance(found, torch.Tensor)
        and found.shape == expected.shape
        and torch.allclose(found, expected, atol=1e-4, rtol=1e-3)
    )


def _chain(model: Any, picture: torch.Tensor) -> Iterator[_Layer]:
    """Children up to the pooling, lists of blocks taken apart."""
    children = dict(model.named_children())
    if hasattr(model, "_pos_embed"):
        yield _Layer(_Tokens(model), False)
        named = ("norm_pre", "blocks", "norm")
        children = {name: children[name] for name in named if name in children}
        if (positions := _find_turns(model, picture)) is not None:
            children["blocks"] = nn.Sequential(
                *(_Turned(*pair) for pair in zip(children["blocks"], positions, strict=True))
            )
    for name, module in children.items():
        if name in AFTER_FEATURES:
            return
        if name in BLOCK_LISTS and isinstance(module, (nn.Sequential, nn.ModuleList)):
            yield from (_Layer(block, True) for block in module)
        else:
            yield _Layer(module, re.fullmatch(r"(layer|s|stages_)\d", name) is not None)


def _find_turns(model: Any, picture: torch.Tensor) -> list[torch.Tensor] | None:
    """The rotary positions of each block, None where the model has none."""
    found = model._pos_embed(model.patch_embed(picture))
    if not isinstance(found, tuple) or found[1] is None:
        return None
    count = len(model.blocks)
    return list(found[1]) if getattr(model, "rope_mixed", False) else [found[1]] * count


def _cut(
    layers: list[_Layer], trainable_blocks: float, picture: torch.Tensor
) -> tuple[list[_Layer], int]:
    """The layers, and the index of the first trainable one.

    The block that a fraction cuts is taken apart, as is one that makes its input smaller first:
    that belongs to what lies before the cut, for the sake of the cache.
    """
    if not trainable_blocks:
        return layers, len(layers)
    blocks = [index for index, layer in enumerate(layers) if layer.is_block]
    first = blocks[-min(ceil(trainable_blocks), len(blocks))]
    share = trainable_blocks % 1 or 1.0
    lead, parts = _take_apart(layers[first].module)
    cut = len(lead) + len(parts) - max(1, round(share * len(parts)))
    pieces = [*lead, *parts]
    if cut == 0 or not _make_up(pieces, layers, first, picture):
        return layers, first
    halves = [
        _Layer(nn.Sequential(*pieces[:cut]), False),
        _Layer(nn.Sequential(*pieces[cut:]), True),
    ]
    return [*layers[:first], *halves, *layers[first + 1 :]], first + 1


def _take_apart(block: nn.Module) -> tuple[list[nn.Module], list[nn.Module]]:
    """What a stage begins with to make its input smaller, and its blocks."""
    if isinstance(block, nn.Sequential):
        return [], list(block)
    parts = dict(block.named_children())
    inner = parts.get("blocks")
    if isinstance(inner, nn.Sequential) and set(parts) <= {"downsample", "blocks"}:
        down = parts.get("downsample", nn.Identity())
        return [] if isinstance(down, nn.Identity) else [down], list(inner)
    return [], [block]


def _make_up(
    pieces: list[nn.Module], layers: list[_Layer], first: int, picture: torch.Tensor
) -> bool:
    """Whether ``pieces``, one after another, answer as layer ``first`` does."""
    with torch.inference_mode():
        values = picture
        for layer in layers[:first]:
            values = layer.module(values)
        expected = layers[first].module(values)
        try:
            for piece in pieces:
                values = piece(values)
        except _UNREADABLE:  # the block does more than one part after another
            return False
    return _agree(values, expected)
