"""The model's shapes, its two files, and the backbones it can stand on."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
from safetensors.torch import save_file

from core.training.backbone import Backbone, BackboneError
from core.training.model import EMBEDDING_WIDTH, ModelSpec, build_model, load_model, save_model
from core.training.weights import PACKAGED, WeightsError, load_backbone, read_packaged_weights

SPEC = ModelSpec(
    backbone="tf_efficientnet_lite0",
    image_size=64,
    trainable_blocks=3,
    columns="reduced",
    style_head="sequence",
    dropout=0.3,
    classes={"style": ("a", "b", "c"), "artist": ("x", "y")},
)


@pytest.fixture
def pixels() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (3, 64, 64, 3), generator=generator, dtype=torch.uint8)


@pytest.mark.parametrize("columns", ["flatten", "mean", "reduced"])
@pytest.mark.parametrize("style_head", ["sequence", "pooled"])
def test_every_head_answers(columns: Any, style_head: Any, pixels: torch.Tensor) -> None:
    spec = replace(SPEC, columns=columns, style_head=style_head)
    with torch.inference_mode():
        logits, embedding = build_model(spec, pretrained=False).eval()(pixels)
    assert {task: tuple(values.shape) for task, values in logits.items()} == {
        "style": (3, 3),
        "artist": (3, 2),
    }
    assert embedding.shape == (3, EMBEDDING_WIDTH)
    torch.testing.assert_close(embedding.norm(dim=1), torch.ones(3))


@pytest.mark.parametrize("maps", ["last", "both"])
def test_the_model_rebuilds_from_its_two_files(
    maps: Any, tmp_path: Path, pixels: torch.Tensor
) -> None:
    model = build_model(replace(SPEC, maps=maps)).eval()
    paths = tmp_path / "model.json", tmp_path / "model.safetensors"
    save_model(model, *paths)
    rebuilt = load_model(*paths)
    assert rebuilt.spec == replace(SPEC, maps=maps) == model.spec
    with torch.inference_mode():
        torch.testing.assert_close(rebuilt(pixels), model(pixels), rtol=0, atol=0)


def test_a_model_of_before_there_was_a_choice_of_maps_opens(tmp_path: Path) -> None:
    paths = tmp_path / "model.json", tmp_path / "model.safetensors"
    save_model(build_model(SPEC, pretrained=False), *paths)
    told = json.loads(paths[0].read_text())
    del told["maps"]
    paths[0].write_text(json.dumps(told))
    assert load_model(*paths).spec == SPEC


def test_only_the_sequence_reads_the_finer_map(pixels: torch.Tensor) -> None:
    model = build_model(replace(SPEC, maps="both"), pretrained=False).eval()
    with torch.inference_mode():
        features = model.tail.top(model.stem(pixels))
        before, _ = model.tail.heads(features)
        features[:, model.tail.heads.of_last :] += 1
        after, _ = model.tail.heads(features)
    assert not torch.allclose(before["style"], after["style"])
    torch.testing.assert_close(after["artist"], before["artist"], rtol=0, atol=0)


def test_every_packaged_weight_finds_its_place() -> None:
    for name, package in PACKAGED.items():
        if find_spec(package) is None:
            assert name != "tf_efficientnet_lite0"
            continue
        model = timm.create_model(name)
        state = read_packaged_weights(package, model)
        assert set(state) == set(model.state_dict())
        model.load_state_dict(state)


SMALLEST = {  # one of each family, and a size at which timm's own check of sizes fails
    "tf_efficientnet_lite0": 64,
    "resnet18": 64,
    "convnext_atto": 64,
    "densenet121": 64,
    "swin_tiny_patch4_window7_224": 96,
    "vit_tiny_patch16_224": 160,
    "vit_small_patch14_reg4_dinov2": 70,  # register tokens
    "vit_small_patch16_dinov3": 64,  # rotary positions and register tokens
    "eva02_tiny_patch14_224": 70,
    "caformer_s18": 64,  # whose stages change the layout of what they are given
    "beit_base_patch16_224": 64,  # cannot be cut
}


@pytest.mark.parametrize(("name", "size"), SMALLEST.items())
def test_stem_and_top_give_what_the_backbone_gives(name: str, size: int) -> None:
    torch.manual_seed(0)
    model = load_backbone(name, size, pretrained=False)
    backbone = Backbone(model, 1, size).eval()
    image = torch.randint(0, 256, (1, size, size, 3), dtype=torch.uint8)
    with torch.inference_mode():
        found = backbone(image)
        expected = model.forward_features(backbone.stem[0](image))
        if isinstance(getattr(model, "fc_norm", None), torch.nn.LayerNorm):
            expected = model.fc_norm(expected)
    assert found.ndim == 4
    assert found.shape[1] == model.num_features
    assert backbone.block_layers == (1,)  # norms and a last convolution follow it, or nothing
    if expected.ndim == 3:
        expected = (
            expected[:, model.num_prefix_tokens :].transpose(1, 2).unflatten(2, found.shape[2:])
        )
    elif expected.shape[1] != model.num_features:
        expected = expected.permute(0, 3, 1, 2)
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-3)


def test_the_ends_of_blocks_are_counted_from_the_cut() -> None:
    backbone = Backbone(load_backbone("resnet18", 64, pretrained=False), 3, 64)
    assert backbone.block_layers == (1, 2, 3)
    assert backbone.content_layers == 2
    with_none = Backbone(load_backbone("resnet18", 64, pretrained=False), 0, 64)
    assert with_none.block_layers == ()


@pytest.mark.parametrize(
    ("name", "blocks", "tuned"),
    [
        ("resnet18", 1.5, ["layer3.1", "layer4"]),
        ("resnet18", 0.5, ["layer4.1"]),
        ("convnext_atto", 1, ["stages.3.blocks"]),  # what halves its map stays frozen
        ("convnext_atto", 1.5, ["stages.2.blocks.3", "stages.2.blocks.4", "stages.2.blocks.5"]),
        ("swin_tiny_patch4_window7_224", 0.5, ["layers.3.blocks.1"]),
        ("tf_efficientnet_lite0", 1.25, ["blocks.5.3", "blocks.6"]),
    ],
)
def test_a_cut_may_lie_inside_a_stage(name: str, blocks: float, tuned: list[str]) -> None:
    torch.manual_seed(0)
    model = load_backbone(name, 96, pretrained=False)
    backbone = Backbone(model, blocks, 96).eval()
    held = {id(values) for values in backbone.top.parameters()}
    for part in tuned:
        assert {id(values) for values in model.get_submodule(part).parameters()} <= held
    before = tuned[0].rpartition(".")[0]
    if name != "convnext_atto" and before not in ("", "blocks", "layers"):
        whole = {id(values) for values in model.get_submodule(before).parameters()}
        assert not whole <= held
    image = torch.randint(0, 256, (2, 96, 96, 3), dtype=torch.uint8)
    with torch.inference_mode():
        expected = model.forward_features(backbone.stem[0](image))
        if expected.shape[1] != model.num_features:
            expected = expected.permute(0, 3, 1, 2)
        torch.testing.assert_close(backbone(image), expected, atol=1e-4, rtol=1e-3)


def test_what_halves_a_map_lies_before_the_cut() -> None:
    """So that the cache holds the smaller map."""
    backbone = Backbone(load_backbone("convnext_atto", 64, pretrained=False), 1, 64).eval()
    with torch.inference_mode():
        seen = backbone.stem(torch.zeros(1, 64, 64, 3, dtype=torch.uint8))
    assert seen.shape == (1, 320, 2, 2)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("halonet_h1", "halonet_h1 cannot read squares of 160 px.*--image-size 256"),
        ("coat_tiny", "coat_tiny keeps no places of a picture apart.*several outputs"),
    ],
)
def test_a_backbone_that_cannot_serve_is_refused_in_words(name: str, message: str) -> None:
    with pytest.raises(BackboneError, match=message):
        Backbone(load_backbone(name, 160, pretrained=False), 1, 160)


@pytest.mark.filterwarnings("ignore::UserWarning:timm")
@pytest.mark.parametrize("name", ["vit_tiny_patch16_224", "swin_tiny_patch4_window7_224"])
def test_weights_of_another_size_are_fitted(name: str, tmp_path: Path) -> None:
    """As the hub has them: made for 224 px, with a classifier."""
    path = tmp_path / "w.safetensors"
    made = timm.create_model(name, pretrained=False)
    save_file({k: v.contiguous() for k, v in made.state_dict().items()}, path)
    loaded = load_backbone(name, 96, pretrained=False, weights=path)
    patches = "patch_embed.proj.weight"
    torch.testing.assert_close(loaded.get_parameter(patches), made.get_parameter(patches))


def test_only_the_top_and_the_heads_learn() -> None:
    model = build_model(SPEC, pretrained=False)
    assert not any(parameter.requires_grad for parameter in model.stem.parameters())
    assert all(parameter.requires_grad for parameter in model.tail.parameters())


def test_batch_norm_keeps_its_pretrained_statistics(pixels: torch.Tensor) -> None:
    model = build_model(SPEC, pretrained=False)
    before = {name: value.clone() for name, value in model.named_buffers()}
    model.tail.train()
    model.tail.top(model.stem(pixels))
    for name, value in model.named_buffers():
        torch.testing.assert_close(value, before[name])


def test_an_unknown_backbone_is_named() -> None:
    with pytest.raises(WeightsError, match="efficientnet_b33"):
        load_backbone("efficientnet_b33", 64, pretrained=False)


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.pth"
    torch.save({"unrelated": torch.zeros(3)}, path)
    with pytest.raises(WeightsError, match="resnet18"):
        load_backbone("resnet18", 64, pretrained=False, weights=path)


class Hostile:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["w.pth", "w.pt", "w.bin", "w.safetensors"])
@pytest.mark.parametrize("form", ["saved", "pickled", "nested", "legacy"])
def test_weights_that_would_run_something_are_refused_in_words(
    tmp_path: Path, name: str, form: str
) -> None:
    path, touched = tmp_path / name, tmp_path / "touched"
    hostile = Hostile(touched)
    if form == "pickled":
        path.write_bytes(pickle.dumps(hostile, protocol=2))
    else:
        held = {"state_dict": {"conv1.weight": hostile}} if form == "nested" else hostile
        torch.save(held, path, _use_new_zipfile_serialization=form != "legacy")
    with pytest.raises(WeightsError, match=r"w\.\w+ (was not loaded into|does not fit) resnet18"):
        load_backbone("resnet18", 64, pretrained=False, weights=path)
    assert not touched.exists()
    if name != "w.safetensors":  # there it is just no such file
        with pytest.raises(WeightsError, match="whose loading would run"):
            load_backbone("resnet18", 64, pretrained=False, weights=path)


@pytest.mark.parametrize("name", ["none.pth", "folder.pth", "w.npz", "noise.pth", "noise.bin"])
def test_what_is_no_file_of_weights_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "folder.pth":
        path.mkdir()
    elif name != "none.pth":
        path.write_bytes(b"\x80\x02noise" * 9)
    with pytest.raises(WeightsError, match=name):
        load_backbone("resnet18", 64, pretrained=False, weights=path)


@pytest.mark.parametrize("name", ["w.pth", "w.safetensors"])
def test_weights_of_a_file_are_those_of_the_model(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    state = load_backbone("resnet18", 64, pretrained=False).state_dict()
    save_file(state, path) if name.endswith("tensors") else torch.save(state, path)
    loaded = load_backbone("resnet18", 64, pretrained=False, weights=path).state_dict()
    for key, value in state.items():
        torch.testing.assert_close(loaded[key], value)
