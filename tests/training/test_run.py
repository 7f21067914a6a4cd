"""The whole path: pictures in, a run out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bench.sentences import check_reasons, find_untrue_cases
from core.artifacts import Run, open_run
from core.classify import Classifier
from core.errors import UserError
from core.studio.painters import WATCHED
from core.training.model import load_model
from tests.training.compare import expected_points, load_history, load_points
from tests.training.conftest import PATTERNS, paint_patterns, small_config, train_small


@pytest.fixture(scope="module")
def run(trained: Path) -> Run:
    return open_run(trained)


def test_the_run_is_whole(run: Run) -> None:
    run.verify_hashes()
    assert len(run) == 14 * len(PATTERNS)
    assert run.manifest.tasks == ("style", "artist")
    assert run.embeddings.shape == (len(run), 512)
    np.testing.assert_allclose(np.linalg.norm(run.embeddings, axis=1), 1, atol=2e-3)
    assert (run.image_folder / run.paintings["image"][0]).is_file()


def test_the_run_keeps_what_became_of_everything(run: Run) -> None:
    account = run.account
    assert account is not None
    counts = account.groupby(["kind", "fate"]).size()
    assert counts["file", "read"] == counts["picture", "read"] == len(run)


def test_what_is_easy_is_learned(run: Run) -> None:
    assert run.metrics["style"]["accuracy"] > 0.8
    assert run.metrics["style"]["majority_accuracy"] == pytest.approx(1 / 3)


def test_every_painting_was_scored_by_the_other_folds(run: Run) -> None:
    assert set(run.paintings["fold"]) == {0, 1}
    assert len(run.predictions("style")) == len(run)
    assert len(run.manifest.temperatures["style"]) == 3


def test_every_sentence_of_the_run_is_borne_out_by_its_files(run: Run) -> None:
    assert check_reasons(run)[1] == [*find_untrue_cases(run)] == []


def test_findings_rest_on_every_witness(run: Run) -> None:
    found = run.findings
    for column in (
        *("score", "suggested", "oeuvre_given_share", "neighbour_given", "neighbour_predicted"),
        *("novelty", "anachronism_given", "medium"),
    ):
        known = found[column].notna().all()
        assert known == (column != "anachronism_given"), column  # 14 dated works are too few
    assert (found["neighbour_artists"] > 1).all()
    assert run.unseen is not None
    assert run.unseen.shape == run.probabilities("style").shape
    assert 0 <= run.metrics["artists_unseen"]["accuracy"] <= 1
    # Of two folds, a painting that one holds out for validation is learned from by neither.
    learned = found["area_under_margin"].notna()
    assert learned.mean() > 0.6
    assert (learned == run.dynamics.any(axis=1)).all()
    assert (learned == (found["suspected_by"] != "not known")).all()
    assert run.cases.loc[run.cases["watched"], "type"].tolist() == ["no works"] * 3
    assert run.style_years["dated"].tolist() == [14, 14, 14]


def test_history_has_each_fold_and_the_published_model(run: Run) -> None:
    assert set(run.history["fold"]) == {0, 1, -1}
    assert set(run.history["phase"]) == {"frozen", "fine-tuning"}


def test_the_graphs_answer_as_the_published_model(run: Run) -> None:
    import torch

    from core.images.decode import decode_image
    from core.images.pixels import load_square

    model = load_model(run.folder / "model.json", run.folder / "model.safetensors")
    classifier = Classifier(run)
    for row in range(0, len(run), 10):
        data = (run.image_folder / run.paintings["image"][row]).read_bytes()
        with torch.inference_mode():
            _, embedding = model(torch.from_numpy(load_square(data, 64)[None]))
        answer = classifier.classify(decode_image(data))
        np.testing.assert_allclose(answer.embedding, embedding[0].numpy(), atol=1e-4)
        assert answer.placement.neighbours[0] == row
        assert answer.probabilities["style"].sum() == pytest.approx(1, abs=1e-5)


def test_the_graphs_see_a_painting_as_the_run_remembers_it(run: Run) -> None:
    """Layer by layer, what novelty holds an upload against is what the trainer kept."""
    from core.classify.session import ModelSession
    from core.images.pixels import load_square

    session = ModelSession(run)
    assert list(session.layers) == ["texture", "content"]
    for row in range(0, len(run), 10):
        data = (run.image_folder / run.paintings["image"][row]).read_bytes()
        _, layers = session.extract(load_square(data, 64)[None])
        for (name, kept), seen in zip(session.layers.items(), layers, strict=True):
            np.testing.assert_allclose(seen[0], kept[row], rtol=0.02, atol=0.02, err_msg=name)


def test_every_epoch_is_a_point_for_tensorboard(trained: Path) -> None:
    assert load_points(trained.parent) == expected_points(load_history(trained))


def test_the_work_folder_is_gone_when_all_is_published(trained: Path) -> None:
    assert not any((trained.parent / ".work").iterdir())


@pytest.mark.slow
def test_the_seed_fixes_the_run(patterns: Path, run: Run, tmp_path: Path) -> None:
    again = open_run(train_small(patterns, tmp_path))
    for task in run.manifest.tasks:
        np.testing.assert_array_equal(run.probabilities(task), again.probabilities(task))
    np.testing.assert_array_equal(run.embeddings, again.embeddings)
    np.testing.assert_array_equal(run.map, again.map)


def test_one_style_cannot_be_told_apart(tmp_path: Path) -> None:
    from core.training.run import train_run

    data = paint_patterns(tmp_path / "data", works=3)
    for style in ("Blobs", "Noise"):
        for path in (data / style).iterdir():
            path.unlink()
        (data / style).rmdir()
    with pytest.raises(UserError, match="style"):
        train_run(small_config(data, tmp_path / "artifacts"))


def test_pictures_that_cannot_be_read_leave_nothing_to_learn(tmp_path: Path) -> None:
    from core.training.run import train_run

    data = paint_patterns(tmp_path / "data", works=3)
    for path in data.rglob("*.jpg"):
        path.write_bytes(b"not a picture")
    with pytest.raises(UserError, match=r"quarantine\.csv"):
        train_run(small_config(data, tmp_path / "artifacts"))


def test_refused_pictures_are_listed_and_the_rest_is_trained(tmp_path: Path) -> None:
    """The check is on the store and the table: what is refused has no row."""
    from core.collection.open import open_collection
    from core.images.store import build_store
    from core.training.subject import build_subject

    data = paint_patterns(tmp_path / "data", works=4)
    bad = data / "Noise" / "painter-a_bad-1900.jpg"
    Image.new("RGB", (40, 40)).save(bad)
    bad.write_bytes(bad.read_bytes()[:100])
    config = small_config(data, tmp_path).resolve(has_gpu=False, paintings=13)
    collection = open_collection(config.collection)
    subject = build_subject(config, collection, build_store(collection, tmp_path, workers=1))
    assert len(subject.paintings) == 12
    assert list(subject.store.quarantine["key"]) == ["Noise/painter-a_bad-1900.jpg"]


def test_a_stored_picture_that_went_bad_is_stored_anew(patterns: Path, tmp_path: Path) -> None:
    """Same size, other bytes: only decoding tells."""
    from core.collection.open import open_collection
    from core.images.store import build_store
    from core.training.activations import _load

    collection = open_collection(small_config(patterns, tmp_path).collection)
    store = build_store(collection, tmp_path, workers=1)
    image = store.table["image"][3]
    content = (store.path / image).read_bytes()
    (store.path / image).write_bytes(bytes(len(content)))
    with pytest.raises(UserError, match="same command again"):
        _load(store, image, 64)
    again = build_store(collection, tmp_path, workers=1)
    assert again.read(image) == content


def test_machines_must_share_the_folder(
    patterns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.training.processes import Processes
    from core.training.run import train_run

    monkeypatch.setattr(Processes, "gather", lambda self, part: [part, False])
    with pytest.raises(UserError, match="not the same folder"):
        train_run(small_config(patterns, tmp_path))


def test_a_run_that_was_published_just_before_a_kill_is_not_trained_again(
    trained: Path, patterns: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What such a kill leaves: the run, and in the work folder no more than its name."""
    from core.training import run as module
    from core.training.work import WorkFolder

    config = small_config(patterns, trained.parent)
    created: list[WorkFolder] = []

    class Noted(WorkFolder):
        def __init__(self, root: Path, identity: dict[str, Any]) -> None:
            super().__init__(root, identity)
            self.save("run", {"run_id": trained.name})
            created.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WorkFolder", Noted)
        assert module.train_run(config) == trained
    assert "Fold 1" not in capsys.readouterr().err
    assert not created[0].path.exists()


def test_the_demo_watches_painters_of_its_own(tmp_path: Path) -> None:
    config = small_config(Path("demo"), tmp_path)
    assert "Edward Hopper" in config.resolve(has_gpu=False, paintings=13).watch
    assert config.resolve(has_gpu=False, paintings=13, is_demo=True).watch == WATCHED
    asked = replace(config, watch=("Alma Fairlight",))
    assert asked.resolve(has_gpu=False, paintings=13, is_demo=True).watch == ("Alma Fairlight",)
