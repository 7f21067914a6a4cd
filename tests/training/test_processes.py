"""Several processes: one run up to rounding, and one end for all when one of them fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch

from core.artifacts import open_run
from core.errors import UserError
from core.training.processes import Processes
from tests.training.compare import expected_points, find_run, load_history, load_points
from tests.training.conftest import small_arguments
from tests.training.launcher import ROOT

LONGEST = 300  # seconds


def start_two(arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
    """`torchrun --nproc-per-node 2 train.py ...`, all it says in ``log``."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    with log.open("ab") as out:
        return subprocess.Popen(
            [*command, "--standalone", "train.py", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )


def find_piece(artifacts: Path, name: str, process: subprocess.Popen[bytes]) -> None:
    """Waits until the piece ``name`` is kept."""
    until = time.monotonic() + LONGEST
    while not any(artifacts.glob(f".work/*/{name}")):
        assert process.poll() is None, "ended too soon"
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.slow
def test_two_processes_train_the_run_of_one(trained: Path, patterns: Path, tmp_path: Path) -> None:
    """One of the two is killed on the way: both end, and the same command goes on."""
    artifacts, log = tmp_path / "artifacts", tmp_path / "log"
    arguments = small_arguments(patterns, artifacts)
    process = start_two(arguments, log)
    find_piece(artifacts, "fold-0.result", process)
    _, second = psutil.Process(process.pid).children()
    second.kill()
    assert process.wait(LONGEST) != 0
    assert not any(artifacts.glob("*/manifest.json"))
    assert start_two(arguments, log).wait(LONGEST) == 0, log.read_text()

    assert log.read_text().count("Published /") == 1
    found, expected = open_run(find_run(artifacts)), open_run(trained)
    assert found.manifest.hardware["processes"] == "2"
    for task in expected.manifest.tasks:
        np.testing.assert_allclose(
            found.probabilities(task), expected.probabilities(task), atol=2e-3
        )
        assert list(found.predictions(task)["predicted"]) == list(
            expected.predictions(task)["predicted"]
        )
    np.testing.assert_allclose(found.embeddings, expected.embeddings, atol=2e-3)
    history, one = load_history(found.folder), load_history(expected.folder)
    np.testing.assert_allclose(history["train_loss"], one["train_loss"], rtol=1e-3)
    assert load_points(artifacts) == expected_points(history)


@pytest.mark.slow
@pytest.mark.long
def test_what_one_process_cannot_do_ends_all_with_one_message(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = start_two(small_arguments(tmp_path / "nowhere", tmp_path), log)
    assert process.wait(LONGEST) != 0
    assert log.read_text().count("There is no file or folder") == 1


def test_a_gpu_that_is_asked_for_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match=r"--device gpu.*nvidia-smi"):
        Processes("gpu")


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shares_part_the_whole(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    processes = Processes()
    monkeypatch.setattr(Processes, "count", count)
    shares = []
    for rank in range(count):
        monkeypatch.setattr(Processes, "rank", rank)
        shares.append(np.arange(100)[processes.take_share(5)])
    assert list(np.concatenate(shares)) == [0, 1, 2, 3, 4]


@pytest.mark.slow
@pytest.mark.long
def test_two_processes_learn_several_fields(patterns: Path, tmp_path: Path) -> None:
    """Styles, then artists, who are no evidence on themselves."""
    artifacts, log = tmp_path / "artifacts", tmp_path / "log"
    arguments = [*small_arguments(patterns, artifacts), "--also", "artist"]
    assert start_two(arguments, log).wait(2 * LONGEST) == 0, log.read_text()
    assert log.read_text().count("Published /") == 2
    runs = [open_run(folder.parent) for folder in artifacts.glob("*/manifest.json")]
    assert {run.manifest.word.singular for run in runs} == {"style", "artist"}
    assert {run.manifest.hardware["processes"] for run in runs} == {"2"}
    assert len({run.manifest.family for run in runs}) == 1
    (artists,) = (run for run in runs if run.manifest.word.singular == "artist")
    assert artists.unseen is None
    assert (artists.findings["oeuvre_works"] == 0).all()
    assert artists.cases[artists.cases["kind"] == "artist"].empty
    assert not list((artifacts / ".work").iterdir())
