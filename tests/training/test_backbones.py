"""A training on one of each family of backbones, from pictures to the answer to an upload.

With random weights, at small sizes: that it works, not how well.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core.artifacts import Run, open_run
from core.classify import Classifier
from core.classify.session import ModelSession
from core.images.decode import decode_image
from core.images.pixels import load_square
from core.training.model import load_model
from tests.training.conftest import paint_patterns, train_small

pytestmark = [pytest.mark.slow, pytest.mark.long]

# Of each family the smallest in timm, the side of its pictures, and how deep it is tuned.
FAMILIES: dict[str, tuple[int, float | None]] = {
    "tf_efficientnet_lite0": (64, 1.25),
    "convnext_atto": (64, None),
    "resnet10t": (64, 1.5),
    "swin_tiny_patch4_window7_224": (64, None),
    "vit_tiny_patch16_224": (64, None),
    "vit_small_patch14_reg4_dinov2": (56, None),
    "vit_base_patch16_siglip_224": (48, 1),
    "eva02_tiny_patch14_224": (56, None),
    "vit_small_patch16_dinov3": (64, None),
}
UNTUNED = ("vit_small_patch14_reg4_dinov2", "convnext_atto")  # frozen features alone


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_patterns(tmp_path_factory.mktemp("few") / "patterns", works=6)


def train(few: Path, folder: Path, backbone: str, tuning_epochs: int) -> Run:
    size, blocks = FAMILIES[backbone]
    return open_run(
        train_small(
            few,
            folder,
            backbone=backbone,
            pretrained=False,
            image_size=size,
            trainable_blocks=blocks,
            frozen_epochs=1,
            tuning_epochs=tuning_epochs,
            views="flip",
            min_artist_works=2,
        )
    )


@pytest.mark.parametrize(
    ("backbone", "tuning_epochs"),
    [*((name, 1) for name in FAMILIES), *((name, 0) for name in UNTUNED)],
)
def test_a_run_is_published_and_its_graphs_answer_as_the_model(
    few: Path, tmp_path: Path, backbone: str, tuning_epochs: int
) -> None:
    run = train(few, tmp_path, backbone, tuning_epochs)
    run.verify_hashes()
    assert run.manifest.config["backbone"] == backbone
    phases = {"frozen", "fine-tuning"} if tuning_epochs else {"frozen"}
    assert set(run.history["phase"]) == phases
    model = load_model(run.folder / "model.json", run.folder / "model.safetensors")
    classifier, session = Classifier(run), ModelSession(run)
    for row in (0, 7, 17):
        data = (run.image_folder / run.paintings["image"][row]).read_bytes()
        pixels = load_square(data, run.manifest.image_size)[None]
        with torch.inference_mode():
            _, embedding = model(torch.from_numpy(pixels))
        answer = classifier.classify(decode_image(data))
        np.testing.assert_allclose(answer.embedding, embedding[0].numpy(), atol=1e-3)
        np.testing.assert_allclose(run.embeddings[row], embedding[0].numpy(), atol=2e-2)
        _, layers = session.extract(pixels)
        for (name, kept), seen in zip(session.layers.items(), layers, strict=True):
            np.testing.assert_allclose(seen[0], kept[row], rtol=0.03, atol=0.03, err_msg=name)
