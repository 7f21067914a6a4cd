"""Residual branches are left out at random while a network learns, and only then."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.training.masks import DropPath
from core.training.model import Heads, ModelSpec, PaintingModel, build_model

CPU = torch.device("cpu")
RATE = 0.2


def build(name: str = "tf_efficientnet_lite0", size: int = 64, rate: float = RATE) -> PaintingModel:
    spec = ModelSpec(name, size, 2, "mean", "sequence", 0.3, {"style": ("a", "b", "c")})
    torch.manual_seed(0)
    return build_model(spec, pretrained=False, drop_path=rate)


def find_paths(layers: torch.nn.Module) -> list[DropPath]:
    return [each for each in layers.modules() if isinstance(each, DropPath)]


def test_the_later_a_tuned_branch_the_more_often_it_is_left_out() -> None:
    model = build()
    assert not find_paths(model.stem)
    rates = [each.rate for each in find_paths(model.tail)]
    assert len(rates) == 5  # four blocks of the last stage but one, the one of the last
    assert rates[-1] == RATE
    np.testing.assert_allclose(np.diff(rates), RATE / 16)  # of sixteen in all
    assert not find_paths(build(rate=0.0))


@pytest.mark.parametrize(
    ("name", "has_branches"),
    [
        ("vit_tiny_patch16_224", True),
        ("swin_tiny_patch4_window7_224", True),
        ("convnext_atto", True),
        ("eva02_tiny_patch14_224", True),
        ("resnet10t", False),
    ],
)
def test_families_have_them_or_go_without(name: str, has_branches: bool) -> None:
    size = 56 if "patch14" in name else 64
    assert bool(find_paths(build(name, size).tail)) == has_branches


def test_a_branch_is_left_out_whole_and_keeps_its_mean() -> None:
    path = DropPath(RATE)
    path.masks.begin(0, np.arange(2_000), 2_000, CPU)
    factors = path(torch.ones(2_000, 3, 2, 2)).flatten(1)
    assert (factors == factors[:, :1]).all()
    torch.testing.assert_close(factors.unique(), torch.tensor([0, 1 / (1 - RATE)]))
    assert abs(float(factors.mean()) - 1) < 0.05


def test_answers_do_not_depend_on_it() -> None:
    pixels = torch.randint(0, 256, (3, 64, 64, 3), dtype=torch.uint8)
    with torch.inference_mode():
        with_it, without = (build(rate=rate).eval()(pixels)[0]["style"] for rate in (RATE, 0.0))
    torch.testing.assert_close(with_it, without, rtol=0, atol=0)
    assert list(build().state_dict()) == list(build(rate=0.0).state_dict())


def test_what_is_left_out_depends_on_the_step_and_not_on_its_parts() -> None:
    model, count = build(rate=0.9), 12
    pixels = torch.randint(0, 256, (count, 64, 64, 3), dtype=torch.uint8)
    activations, tail = model.stem.eval()(pixels), model.tail
    tail.heads = Heads(1280, 2, model.spec)  # as every fold has its own
    tail.train()

    def answer(seed: int, rows: np.ndarray) -> torch.Tensor:
        tail.heads.masks.begin(seed, rows, count, CPU)
        features: torch.Tensor = tail.top(activations[rows])
        return features.detach()

    whole = answer(1, np.arange(count))
    parts = torch.cat([answer(1, each) for each in np.split(np.arange(count), 3)])
    torch.testing.assert_close(parts, whole)
    assert not torch.allclose(answer(2, np.arange(count)), whole)
    tail.eval()
    assert not torch.allclose(answer(1, np.arange(count)), whole)
