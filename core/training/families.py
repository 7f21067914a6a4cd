"""What a backbone asks of a recipe: the size of its pictures, how deep it is tuned and how fast.

Rates are of AdamW at batches of 50 to 150. EfficientNet's was measured here (bench/LOG.md), the
others follow what fine-tuning has used: ConvNeXt 5e-5 (Liu et al., "A ConvNet for the 2020s",
2022), Swin 2e-5 to 1e-4 (Liu et al., 2021), plain transformers 1e-5 to 5e-5 (Dong et al., "CLIP
Itself is a Strong Fine-tuner", 2022; Oquab et al., DINOv2, 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import timm
import torch
from timm.models import model_entrypoint

from core.training.weights import require_known, takes_size


@dataclass(frozen=True)
class Family:
    """Backbones of timm's ``modules``: blocks from the end to tune, and their learning rate."""

    modules: tuple[str, ...]
    trainable_blocks: float
    backbone_rate: float


MOBILE: Final = Family(
    ("efficientnet", "mobilenetv3", "mobilenetv5", "ghostnet", "rexnet", "hardcorenas", "lcnetv2"),
    trainable_blocks=3,
    backbone_rate=5e-4,
)
PLAIN: Final = Family(
    (
        *("vision_transformer", "vision_transformer_relpos", "vision_transformer_sam", "eva"),
        *("beit", "deit", "cait", "xcit", "naflexvit", "volo", "pit", "convit", "mlp_mixer"),
    ),
    trainable_blocks=4,
    backbone_rate=3e-5,
)
WINDOWS: Final = Family(
    (
        *("swin_transformer", "swin_transformer_v2", "swin_transformer_v2_cr", "maxxvit"),
        *("mvitv2", "pvt_v2", "davit", "hiera", "twins", "nest", "gcvit", "coat", "tiny_vit"),
    ),
    trainable_blocks=1,
    backbone_rate=5e-5,
)
OTHERS: Final = Family((), trainable_blocks=1, backbone_rate=1e-4)  # ConvNeXt, ResNet, RegNet, ...


def find_family(backbone: str) -> Family:
    """The family of timm's ``backbone``; ``OTHERS`` of what none names.

    Raises ``WeightsError`` for a name that timm does not know.
    """
    require_known(backbone)
    module = model_entrypoint(backbone.split(".")[0]).__module__.rpartition(".")[2]
    return next((each for each in (MOBILE, PLAIN, WINDOWS) if module in each.modules), OTHERS)


def fit_size(backbone: str, size: int) -> int:
    """The side nearest to ``size`` that divides into the patches of ``backbone``, in pixels."""
    step = _find_step(backbone) if takes_size(backbone) else 1
    return max(step, round(size / step) * step)


def _find_step(backbone: str) -> int:
    """Pixels of one place in the last feature map; of its shape alone, no weights are made."""
    with torch.device("meta"):
        try:
            model: Any = timm.create_model(backbone, pretrained=False, num_classes=0)
        except (NotImplementedError, RuntimeError):  # it computes with its weights
            return 1
    levels: Sequence[dict[str, Any]] = getattr(model, "feature_info", None) or ()
    return int(levels[-1]["reduction"]) if len(levels) else 1
