"""Every command line says what it does, and refuses what it does not know in the same way."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMANDS = [
    ["train.py"],
    ["-m", "core.classify"],
    ["-m", "core.export.sheets"],
    ["-m", "core.reviews"],
    ["-m", "dashboard"],
]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[-1])
def test_help_keeps_its_examples_a_line_each(command: list[str]) -> None:
    told = run(*command, "--help")
    assert told.returncode == 0
    examples = [line for line in told.stdout.splitlines() if line.startswith("python")]
    assert examples
    assert all(line.count("python") == 1 for line in examples)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[-1])
def test_an_unknown_flag_is_named(command: list[str]) -> None:
    refused = run(*command, "somewhere", "elsewhere", "--no-such-flag")
    assert refused.returncode == 2
    assert "--no-such-flag" in refused.stderr
