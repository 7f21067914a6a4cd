"""What the set-up says when something is missing: a sentence, not a traceback."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()
LICENCES = ROOT / "docs" / "licences.md"
TOOLS = ("sh", "awk", "df", "env")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder of commands without any Python in it, to be the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def set_up(
    tools: Path, venv: Path, megabytes: int, **variables: str
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [ROOT / ".ci" / "environment", venv, "requirements-dashboard.txt", str(megabytes)],
        cwd=ROOT,
        env={"PATH": str(tools), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def add_python(tools: Path, version: tuple[int, int]) -> None:
    """A command that answers the question for its version as that Python would."""
    supported = (3, 11) <= version <= (3, 13)
    script = tools / "python3"
    script.write_text(f"#!/bin/sh\nexit {0 if supported else 1}\n")
    script.chmod(0o755)


def test_without_python_it_says_which_to_install(tools: Path, tmp_path: Path) -> None:
    result = set_up(tools, tmp_path / "venv", 1)
    assert result.returncode != 0
    assert "No Python 3.11, 3.12 or 3.13 was found" in result.stderr
    assert "make PYTHON=" in result.stderr


def test_an_old_python_counts_as_none(tools: Path, tmp_path: Path) -> None:
    add_python(tools, (3, 9))
    assert "No Python 3.11" in set_up(tools, tmp_path / "venv", 1).stderr


def test_a_full_disk_is_said_before_anything_is_made(tools: Path, tmp_path: Path) -> None:
    add_python(tools, (3, 12))
    result = set_up(tools, tmp_path / "venv", 10**9)
    assert result.returncode != 0
    assert "The environment needs about 1000000000 MB" in result.stderr
    assert not (tmp_path / "venv").exists()


def test_help_names_every_target() -> None:
    text = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    (targets,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert set(re.findall(r"^  make ([a-z-]+) +\S", text, re.MULTILINE)) == set(targets.split())


def test_every_make_command_that_the_dashboard_names_exists() -> None:
    pages = "".join(path.read_text() for path in (ROOT / "dashboard").rglob("*.py"))
    named = set(re.findall(r"(?:`|<code>)make ([a-z-]+)", pages))
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert "train" in named
    assert named <= targets


def test_the_licence_of_everything_the_dashboard_needs_is_listed() -> None:
    listed = set(re.findall(r"^\| ([a-z0-9-]+) \|", LICENCES.read_text(), re.MULTILINE))
    wanted = (ROOT / "requirements-dashboard.txt").read_text()
    needed = set(re.findall(r"^([a-z0-9-]+)", wanted, re.MULTILINE))
    assert needed <= listed  # make licences
