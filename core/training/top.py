"""The tuned layers of a backbone: from the stem's activations to the feature map that heads read.

A last map of 5 columns tells a sequence little. Where the layers pass through a map of twice its
resolution, that one can stand beside it, two finer columns in each column of the last one
(bench/LOG.md says what that is worth). A feature pyramid in its plainest form (Lin et al., "Feature
Pyramid Networks for Object Detection", CVPR 2017): nothing about it is learned.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F

OnLayer = Callable[[int, torch.Tensor], None]  # how many layers are done, what they gave


class Top(nn.Sequential):
    """Activations -> feature map (B, C, H, W).

    ``finer``: how many layers lead up to the map that stands beside the last one, 0 for the
    activations themselves; None where the last one stands alone.
    """

    finer: int | None = None

    def forward(self, activations: torch.Tensor, on_layer: OnLayer | None = None) -> torch.Tensor:
        """``on_layer`` receives what each layer makes of the activations, the last map alone."""
        values, beside = activations, None
        for number, layer in enumerate(self):
            beside = values if number == self.finer else beside
            values = layer(values)
            if on_layer:
                on_layer(number + 1, values)
        return values if beside is None else put_beside(values, beside)

    def start(self, count: int) -> Top:
        """The first ``count`` layers, what they give standing alone."""
        return Top(*list(self)[:count])


def put_beside(last: torch.Tensor, finer: torch.Tensor) -> torch.Tensor:
    """(B, C + 2 C', H, W): ``last`` (B, C, H, W), then the two columns of ``finer`` (B, C', 2H, 2W)
    that lie in each of its places, left one first, averaged over their two rows.

    Of an odd number, as of 19 columns beside 10, the last column and row count twice.
    """
    height, width = last.shape[2:]
    missing = 2 * width - finer.shape[3], 2 * height - finer.shape[2]
    if any(missing):
        finer = F.pad(finer, (0, missing[0], 0, missing[1]), mode="replicate")
    pairs = finer.unflatten(3, (width, 2)).unflatten(2, (height, 2)).mean(dim=3)  # (B, C', H, W, 2)
    columns = pairs.permute(0, 4, 1, 2, 3).flatten(1, 2)
    return torch.cat([last, columns.to(last.dtype)], dim=1)


def find_finer(layers: nn.Sequential, activations: torch.Tensor) -> int | None:
    """How many of ``layers`` lead up to the last map of about twice the final one's resolution.

    ``activations`` (1, ...): what the first layer is given. None where there is no such map with
    its channels first: plain transformers have but one resolution.
    """
    with torch.inference_mode():
        given = [activations]
        for layer in layers:
            given.append(layer(given[-1]))
    side = given[-1].shape[-1]
    sides = [_find_side(values) for values in given[:-1]]
    fitting = [
        number for number, each in enumerate(sides) if side < each in (2 * side - 1, 2 * side)
    ]
    return fitting[-1] if fitting else None


def _find_side(values: torch.Tensor) -> int:
    """Columns of a square map with its channels first, 0 of anything else."""
    is_square = values.ndim == 4 and values.shape[2] == values.shape[3]
    return values.shape[3] if is_square else 0
