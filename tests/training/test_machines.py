"""Several machines fill one array: what is written late or lost on the way is noticed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.server import find_port
from core.training.array_file import PAGE, ArrayFile, align_block
from tests.training.launcher import ROOT

LONGEST = 240  # seconds


def start(folder: Path, fault: str, rank: int, port: int) -> subprocess.Popen[str]:
    environment = os.environ | {
        "RANK": str(rank),
        "WORLD_SIZE": "2",
        "LOCAL_RANK": "0",
        "LOCAL_WORLD_SIZE": "1",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.training.two_machines", str(folder), fault],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_two(folder: Path, fault: str) -> list[tuple[int, str]]:
    """Exit status and messages of both."""
    port = find_port()
    machines = [start(folder, fault, rank, port) for rank in range(2)]
    said = [machine.communicate(timeout=LONGEST)[1] for machine in machines]
    return [(machine.returncode, text) for machine, text in zip(machines, said, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["delayed", "lost"])
def test_all_machines_end_with_all_blocks(tmp_path: Path, fault: str) -> None:
    for status, said in run_two(tmp_path, fault):
        assert status == 0, said
        assert ("are damaged: computed again" in said) == (fault == "lost")


@pytest.mark.slow
def test_a_folder_that_keeps_losing_blocks_is_said(tmp_path: Path) -> None:
    for status, said in run_two(tmp_path, "always"):
        assert status == 2
        assert "does not show every machine what the others write" in said


@pytest.mark.parametrize("width", [1, 3, 2048, 6 * 96 * 19 * 19])
def test_blocks_of_several_machines_share_no_page(tmp_path: Path, width: int) -> None:
    block = align_block(3, [width * 2])
    file = ArrayFile(tmp_path, "stem", (9, width), "float16", block)
    assert file.array.offset == PAGE
    assert file.block >= 3
    assert file.block * width * 2 % PAGE == 0
    file.fill(slice(0, min(file.block, 9)), np.ones((min(file.block, 9), width)))
    again = ArrayFile(tmp_path, "stem", (9, width), "float16", block)
    assert again.missing() == file.missing()
    assert again.array[0, 0] == 1


def test_blocks_fill_the_pages_of_every_array() -> None:
    block = align_block(300, [6, 4096, 1024 * 3])
    assert block == 2048
    assert all(block * row % PAGE == 0 for row in (6, 4096, 1024 * 3))
