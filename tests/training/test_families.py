"""What a backbone asks of a recipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.training.families import MOBILE, OTHERS, PLAIN, WINDOWS, Family, find_family, fit_size
from core.training.weights import WeightsError
from tests.training.conftest import small_config


@pytest.mark.parametrize(
    ("backbone", "family"),
    [
        ("tf_efficientnet_lite0", MOBILE),
        ("tf_efficientnet_b3.ns_jft_in1k", MOBILE),
        ("vit_small_patch14_reg4_dinov2", PLAIN),
        ("vit_base_patch16_siglip_224", PLAIN),
        ("eva02_tiny_patch14_224", PLAIN),
        ("swin_tiny_patch4_window7_224", WINDOWS),
        ("convnext_atto", OTHERS),
        ("resnet50", OTHERS),
    ],
)
def test_the_family_is_that_of_timms_module(backbone: str, family: Family) -> None:
    assert find_family(backbone) is family


@pytest.mark.parametrize(
    ("backbone", "size", "fitted"),
    [
        ("vit_tiny_patch16_224", 160, 160),
        ("vit_tiny_patch16_224", 170, 176),
        ("vit_small_patch14_dinov2", 300, 294),
        ("vit_small_patch14_dinov2", 4, 14),
        ("swin_tiny_patch4_window7_224", 300, 288),
        ("tf_efficientnet_lite0", 301, 301),
        ("convnext_atto", 301, 301),
    ],
)
def test_a_size_is_rounded_to_whole_patches(backbone: str, size: int, fitted: int) -> None:
    assert fit_size(backbone, size) == fitted


def test_an_unknown_backbone_is_named_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="efficientnet_b33"):
        small_config(tmp_path, tmp_path, backbone="efficientnet_b33").resolve(
            has_gpu=False, paintings=9
        )


def test_a_family_fills_what_was_left_open(tmp_path: Path) -> None:
    asked = small_config(tmp_path, tmp_path, backbone="vit_small_patch14_dinov2", image_size=300)
    config = asked.resolve(has_gpu=False, paintings=9)
    assert (config.trainable_blocks, config.backbone_rate) == (4, 3e-5)
    assert config.describe_size(asked) == (
        "300 px do not divide into the patches of vit_small_patch14_dinov2: 294 px."
    )
    chosen = small_config(tmp_path, tmp_path, trainable_blocks=0, backbone_rate=1e-3)
    config = chosen.resolve(has_gpu=False, paintings=9)
    assert (config.trainable_blocks, config.backbone_rate) == (0, 1e-3)
    assert config.describe_size(chosen) is None
