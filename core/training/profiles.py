"""Profiles: what a run costs, and so what it can find. Each sets what is not named itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

ProfileName = Literal["quick", "small", "full", "best"]
Views = Literal["whole", "flip", "crops", "online"]


@dataclass(frozen=True)
class Profile:
    """Defaults of the settings of the same names."""

    backbone: str
    image_size: int
    batch_size: int
    views: Views
    frozen_epochs: int
    tuning_epochs: int
    trainable_blocks: float | None = None  # as the backbone's family has it
    layer_decay: float = 1.0
    scored_views: Literal["whole", "both"] = "whole"
    head_rate: float = 1e-3
    weight_decay: float = 0.2
    mixup: float = 0.4
    drop_path: float = 0.0
    validation_share: float = 0.12


PROFILES: Final[dict[ProfileName, Profile]] = {
    "quick": Profile("tf_efficientnet_lite0", 160, 64, "flip", 4, 0, head_rate=2e-3),
    "small": Profile("tf_efficientnet_lite0", 160, 48, "crops", 4, 6),
    "full": Profile(
        *("tf_efficientnet_b3.ns_jft_in1k", 300, 128, "crops", 4, 6),
        weight_decay=0.05,
        mixup=0.2,
        validation_share=0,
    ),
    "best": Profile(
        *("tf_efficientnet_b3.ns_jft_in1k", 300, 128, "online", 4, 20),
        trainable_blocks=100,
        layer_decay=0.8,
        scored_views="both",
        weight_decay=0.05,
        mixup=0.2,
        drop_path=0.2,
        validation_share=0,
    ),
}
QUICK_LOOK: Final = (
    "A quick look: the pretrained network was not tuned, only its heads were trained. A run of "
    "another profile tunes the network as well."
)


def go_on(arguments: list[str]) -> list[str]:
    """The arguments of a quick look's command line, those of the full profile instead."""
    before = ["", *arguments]
    return [
        "full" if last == "--profile" else each.replace("--profile=quick", "--profile=full")
        for last, each in zip(before, arguments, strict=False)
    ]
