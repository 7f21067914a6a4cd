"""Second opinions are weighed by what other folds saw, and a run says that they spoke."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import timm
from safetensors.torch import save_file
from scipy.special import softmax

from core.artifacts import open_run
from core.findings.neighbours import even_out, find_neighbours
from core.images.store import ImageStore
from core.training.config import ConfigError
from core.training.opinions import Adviser, pool, weigh_opinions
from core.training.processes import Processes
from core.training.weights import WeightsError
from core.training.work import WorkFolder
from tests.training.conftest import small_config, train_small

CLASSES = 4


def answer(labels: np.ndarray, skill: float, rng: np.random.Generator) -> np.ndarray:
    """Probabilities by a model that adds ``skill`` to the label's logit, and errs by chance."""
    logits = rng.normal(size=(len(labels), CLASSES))
    logits[np.arange(len(labels)), labels] += skill
    return softmax(logits, axis=1)


def log_loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    return -float(np.log(probabilities[np.arange(len(labels)), labels]).mean())


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(0)
    return rng.integers(0, CLASSES, 3000), rng.integers(0, 5, 3000).astype(np.int8), rng


def test_two_who_err_apart_know_more_than_either(
    drawn: tuple[np.ndarray, np.ndarray, np.random.Generator],
) -> None:
    labels, fold, rng = drawn
    sources = [answer(labels, 1.5, rng), answer(labels, 1.2, rng)]
    weights = weigh_opinions(sources, labels, fold)
    assert weights.shape == (5, 2)
    assert (weights[:, 0] > weights[:, 1] * 0.8).all()
    pooled = pool(sources, weights, fold)
    np.testing.assert_allclose(pooled.sum(axis=1), 1)
    assert log_loss(pooled, labels) < min(log_loss(each, labels) for each in sources) - 0.1
    assert (pooled.argmax(axis=1) == labels).mean() > (sources[0].argmax(axis=1) == labels).mean()


def test_one_who_guesses_is_hardly_heard(
    drawn: tuple[np.ndarray, np.ndarray, np.random.Generator],
) -> None:
    labels, fold, rng = drawn
    weights = weigh_opinions([answer(labels, 2, rng), answer(labels, 0, rng)], labels, fold)
    assert (weights[:, 1] < 0.1 * weights[:, 0]).all()


def test_the_weights_of_a_fold_do_not_depend_on_its_own_labels(
    drawn: tuple[np.ndarray, np.ndarray, np.random.Generator],
) -> None:
    labels, fold, rng = drawn
    sources = [answer(labels, 1.5, rng), answer(labels, 1.2, rng)]
    before = weigh_opinions(sources, labels, fold)
    moved = np.where(fold == 2, (labels + 1) % CLASSES, labels)
    after = weigh_opinions(sources, moved, fold)
    np.testing.assert_array_equal(before[2], after[2])
    assert (before[1] != after[1]).all()


def test_where_one_says_nothing_the_network_alone_is_heard(
    drawn: tuple[np.ndarray, np.ndarray, np.random.Generator],
) -> None:
    labels, fold, rng = drawn
    sources = [answer(labels, 1.5, rng), answer(labels, 1.2, rng)]
    sources[1][:7] = 0
    fold[7] = -1
    pooled = pool(sources, weigh_opinions(sources, labels, fold), fold)
    np.testing.assert_allclose(pooled[:8], sources[0][:8])


def test_backbones_are_named_with_their_files() -> None:
    assert Adviser.list_from("resnet18, resnet50=w.pth") == [
        Adviser("resnet18"),
        Adviser("resnet50", Path("w.pth")),
    ]
    assert Adviser.list_from(None) == Adviser.list_from("") == []
    with pytest.raises(WeightsError, match="resnet_18"):
        Adviser.list_from("resnet_18")
    with pytest.raises(WeightsError, match="names a backbone twice; found resnet18"):
        Adviser.list_from("resnet18, resnet18=w.pth")  # features are kept by name


def test_one_fold_cannot_weigh_them(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--split folds"):
        small_config(tmp_path, tmp_path, second_opinion="resnet18", split="official")


def test_a_map_is_made_of_what_was_heard(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected resnet18"):
        small_config(tmp_path, tmp_path, second_opinion="resnet18=w.pth", map_features="resnet34")
    with pytest.raises(ConfigError, match="--map-features names none of the second opinions"):
        small_config(tmp_path, tmp_path, map_features="resnet18")


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.measured
def test_a_run_says_whom_it_asked(patterns: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.safetensors"
    other = timm.create_model("resnet10t", pretrained=False)
    save_file({name: values.contiguous() for name, values in other.state_dict().items()}, file)
    run = open_run(
        train_small(
            patterns,
            tmp_path / "artifacts",
            profile="quick",
            tuning_epochs=0,
            second_opinion=f"resnet10t={file}",
            map_features="resnet10t",
        )
    )
    assert run.manifest.laid_out_by == "resnet10t"
    images = run.folder.parent / "images" / run.manifest.collection.image_store
    store = ImageStore(images, pd.DataFrame(), pd.DataFrame())
    seen = Adviser("resnet10t", file).compute_features(
        store, run.paintings["image"].tolist(), WorkFolder(tmp_path, {}), Processes("cpu")
    )
    near, similar = find_neighbours(even_out(seen), run.neighbours.shape[1])
    np.testing.assert_array_equal(run.neighbours, near)
    np.testing.assert_allclose(run.similarities, similar, atol=1e-3)
    assert (find_neighbours(run.embeddings, near.shape[1])[0] != near).any()
    (note,) = [each for each in run.manifest.collection.notes if "Second opinions" in each]
    assert "resnet10t" in note
    assert f"agree with {run.metrics['style']['accuracy']:.1%} of the labels" in note
    assert "Uploads are answered by the network alone" in note
    np.testing.assert_allclose(run.probabilities("style").sum(axis=1), 1, atol=5e-3)
    assert run.metrics["style"]["accuracy"] > 0.8
