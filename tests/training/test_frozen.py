"""What the frozen layers say is the same however much of it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.collection.open import open_collection
from core.images.store import build_store
from core.training.frozen import Frozen, compute_frozen
from core.training.labels import build_labels
from core.training.model import build_model
from core.training.processes import Processes
from core.training.run import describe_model
from core.training.texture import compute_moments
from core.training.work import WorkFolder
from tests.training.conftest import small_config


@pytest.fixture(scope="module")
def store(patterns: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    collection = open_collection(small_config(patterns, patterns).collection)
    return collection, build_store(collection, tmp_path_factory.mktemp("images"), workers=1)


def compute(store: Any, folder: Path, **changes: Any) -> tuple[Frozen, Any, Processes]:
    collection, pictures = store
    config = small_config(folder, folder, **changes).resolve(has_gpu=False, paintings=42)
    model = build_model(describe_model(config, build_labels(collection.paintings, 5)))
    processes, work = Processes("cpu"), WorkFolder(folder, changes)
    images = pictures.table["image"].tolist()
    found = compute_frozen(config, model, pictures, images, work, processes)
    return found, model, processes


@pytest.mark.parametrize("columns", ["mean", "flatten"])
def test_nothing_tuned_keeps_what_the_heads_read_and_no_more(
    store: Any, tmp_path: Path, columns: str
) -> None:
    tuned, model, processes = compute(store, tmp_path, columns=columns, views="flip")
    once, _, _ = compute(store, tmp_path, columns=columns, views="flip", tuning_epochs=0)
    assert tuned.stem is not None
    assert once.stem is None
    np.testing.assert_allclose(once.features.values, tuned.features.values, atol=2e-3, rtol=2e-3)
    # norms are folded where nothing is tuned, so that other stem activations are rounded up
    np.testing.assert_allclose(once.moments, tuned.moments, atol=2e-3, rtol=1e-2)
    np.testing.assert_allclose(once.texture, tuned.texture, atol=1e-4, rtol=1e-3)
    ends = (model.content_layers,)
    both = compute_moments(model.tail.top, ends, tuned.stem, processes)
    assert once.content is not None
    width = once.texture.shape[1]
    np.testing.assert_allclose(once.texture, both[:, :width], atol=2e-3, rtol=1e-2)
    np.testing.assert_allclose(once.content, both[:, width:], atol=2e-3, rtol=1e-2)
    kept = {path.name for path in tmp_path.rglob("*.npy")}
    assert kept == {"stem.npy", "features.npy", "moments.npy"}


def test_what_was_computed_is_not_computed_again(
    store: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _, _ = compute(store, tmp_path, tuning_epochs=0)
    assert "Reading paintings" in capsys.readouterr().err
    again, _, _ = compute(store, tmp_path, tuning_epochs=0)
    assert "Reading paintings" not in capsys.readouterr().err
    np.testing.assert_array_equal(first.features.values, again.features.values)
